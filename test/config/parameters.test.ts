import { describe, expect, test } from 'vitest';
import { type AnnotationConfig, type ParameterRequest, resolveBackendParameters } from '../../config/index.js';

const descriptor = {
  parameters: [
    { name: 'url', default: null, secret: false },
    { name: 'size', default: 5, secret: false },
    { name: 'token', default: null, secret: true },
  ],
};
const config: AnnotationConfig = {
  defaultBackend: 'mine',
  backends: { mine: { config_cls: 'pkg#it', url: 'u', token: 't', media_field: 'thumb' } },
  warnings: [],
};
const resolve = (request: Partial<ParameterRequest> = {}) =>
  resolveBackendParameters({ config, descriptor, ...request });

describe('the parameters of a run', () => {
  test('are the default backend’s, with defaults filled in and secrets apart', () =>
    expect(resolve()).toEqual({
      backend: 'mine',
      configCls: 'pkg#it',
      mediaField: 'thumb',
      publicParameters: { url: 'u', size: 5 },
      secrets: { token: 't' },
      warnings: [],
    }));

  test('are overruled by those of the call, nulls included', () =>
    expect(resolve({ callArguments: { url: null, size: 6, media_field: 'filepath' } })).toMatchObject({
      mediaField: 'filepath',
      publicParameters: { url: null, size: 6 },
    }));

  test('keep what the backend does not know, with a warning, and never a secret among the public', () => {
    const { publicParameters, secrets, warnings } = resolve({ callArguments: { colour: 'red', api_key: 'k' } });
    expect([publicParameters.colour, secrets.api_key]).toEqual(['red', 'k']);
    expect(publicParameters).not.toHaveProperty('api_key');
    expect(warnings.map(({ code }) => code)).toEqual(['UNKNOWN_PARAMETER', 'UNKNOWN_PARAMETER']);
  });

  test('are refused where a strict backend does not know them, with those it knows', () =>
    expect(() =>
      resolve({ callArguments: { colour: 1 }, descriptor: { ...descriptor, strictParameters: true } }),
    ).toThrow(/no parameter "colour".*url, size, token/));

  test('take credentials as secrets only, where they are not null', () => {
    const { publicParameters, secrets } = resolve({ credentials: { token: 'x', url: 'v', email: null } });
    expect(secrets).toEqual({ token: 'x', url: 'v' });
    expect(publicParameters.url).toBe('u');
  });

  test('do not choose the code that runs', () =>
    expect(() => resolve({ callArguments: { config_cls: 'evil' } })).toThrow(/config_cls cannot be given with a call/));

  test('need a backend that is there, and a media field that is a name', () => {
    expect(() => resolve({ backend: 'nope' })).toThrow(expect.objectContaining({ code: 'UNKNOWN_BACKEND' }));
    expect(() => resolve({ backend: 'toString' })).toThrow(expect.objectContaining({ code: 'UNKNOWN_BACKEND' }));
    expect(() => resolve({ callArguments: { media_field: 5 } })).toThrow(/media field is 5/);
  });

  test('of the folder are its defaults where it is not declared', () =>
    expect(resolve({ backend: 'folder' })).toMatchObject({
      configCls: null,
      publicParameters: { url: null, size: 5 },
    }));
});
