import { describe, expect, test } from 'vitest';
import { absolutePath, writtenPath } from '../../formats/media-path.js';

describe('a path that is read', () => {
  test.each([
    ['a/b.jpg', '/root/a/b.jpg'],
    ['../b.jpg', '/b.jpg'],
    ['/x/b.jpg', '/x/b.jpg'],
    ['s3://bucket/b.jpg', 's3://bucket/b.jpg'],
    ['C:\\x\\b.jpg', 'C:\\x\\b.jpg'],
  ])('%s becomes %s below /root', (path, absolute) => {
    expect(absolutePath(path, '/root')).toBe(absolute);
  });
});

describe('a path that is written', () => {
  test.each([
    ['/root/a/b.jpg', 'a/b.jpg'],
    ['/root/..b/c.jpg', '..b/c.jpg'],
    ['/root', '/root'],
    ['/rooted/b.jpg', '/rooted/b.jpg'],
    ['/other/b.jpg', '/other/b.jpg'],
    ['relative/b.jpg', 'relative/b.jpg'],
    ['s3://bucket/b.jpg', 's3://bucket/b.jpg'],
  ])('%s stands as %s where the media root is /root', (path, written) => {
    expect(writtenPath(path, '/root')).toBe(written);
  });

  test('stays as it is without a media root', () => {
    expect(writtenPath('/root/a.jpg', null)).toBe('/root/a.jpg');
  });
});
