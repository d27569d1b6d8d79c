import { expect, test } from 'vitest';
import { isSecretName, mask, maskSecrets } from '../../config/index.js';

test.each([
  ...['password', 'PASSWORD', 'db_password', 'api_key', 'apiKey', 'apikey', 'token', 'accessToken', 'client-secret'],
  ...['headers', 'username', 'email', 'private_key', 'Authorization'],
])('%s is taken for a secret', (name) => expect(isSecretName(name)).toBe(true));

test.each(['url', 'project_name', 'task_size', 'max_tokens', 'keyboard', 'sort_key', 'user_list', 'coerce_text_attrs'])(
  '%s is not taken for a secret',
  (name) => expect(isSecretName(name)).toBe(false),
);

test('a masked config shows no secret, however deep, and all the rest', () => {
  const backends = {
    cvat: {
      url: 'https://ann:pw1@cvat.local/x',
      password: 'pw2',
      email: null,
      pin: 'pw3',
      list: [{ token: 'pw4' }],
      size: 5,
    },
  };
  const shown = maskSecrets({ defaultBackend: 'cvat', backends, warnings: [] }, () => ['pin']);
  expect(JSON.stringify(shown)).not.toMatch(/pw\d/);
  expect(shown).toEqual({
    default_backend: 'cvat',
    backends: {
      cvat: {
        url: `https://ann:${mask}@cvat.local/x`,
        password: mask,
        email: null,
        pin: mask,
        list: [{ token: mask }],
        size: 5,
      },
    },
  });
});
