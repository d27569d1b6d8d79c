import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Folders, readablePath, writablePath } from '../../daemon/folders.js';

let base: string;
let folders: Folders;

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'annogate-folders-')));
  for (const name of ['data', 'pictures', 'pictures-private', 'exports']) await mkdir(join(base, name));
  await writeFile(join(base, 'pictures', 'a.png'), '');
  await writeFile(join(base, 'pictures-private', 'b.png'), '');
  await symlink(join(base, 'pictures-private', 'b.png'), join(base, 'pictures', 'link.png'));
  await symlink(join(base, 'pictures'), join(base, 'root-link'));
  await symlink(join(base, 'pictures-private'), join(base, 'exports', 'out'));
  folders = {
    dataFolder: join(base, 'data'),
    settings: { mediaRoots: [join(base, 'root-link')], exportRoots: [join(base, 'exports')] },
  };
});
afterAll(() => rm(base, { recursive: true, force: true }));

describe('a file', () => {
  test('below a media root can be read, though the root is named by a link', async () => {
    expect(await readablePath(folders, join(base, 'pictures', 'a.png'))).toBe(join(base, 'pictures', 'a.png'));
  });

  test.each(['', 'pictures-private/b.png', 'pictures/link.png', 'pictures/../pictures-private/b.png', 'nowhere/c.png'])(
    'outside of the roots is refused: %s',
    async (path) => {
      await expect(readablePath(folders, join(base, path))).rejects.toMatchObject({
        code: 'MEDIA_OUTSIDE_ROOTS',
        message: expect.stringContaining('ANNOGATE_MEDIA_ROOTS'),
      });
    },
  );

  test('that is missing below a root is told as missing', async () => {
    await expect(readablePath(folders, join(base, 'pictures', 'gone.png'))).rejects.toMatchObject({
      code: 'UNREADABLE_MEDIA',
    });
  });
});

describe('an export', () => {
  test('may go to a new folder below the data folder or an export root', async () => {
    expect(await writablePath(folders, join(base, 'data', 'x', 'y'))).toBe(join(base, 'data', 'x', 'y'));
    expect(await writablePath(folders, join(base, 'exports', 'z'))).toBe(join(base, 'exports', 'z'));
  });

  test.each(['pictures/x', 'exports/../x', 'exports/out/x'])('may not go elsewhere: %s', async (path) => {
    await expect(writablePath(folders, join(base, path))).rejects.toMatchObject({ code: 'EXPORT_OUTSIDE_ROOTS' });
  });
});
