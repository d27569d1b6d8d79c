import { describe, test } from 'vitest';
import { describeBackend } from '../../../backends/conformance/index.js';
import { folderDescriptor } from '../../../backends/folder/descriptor.js';
import { startFolder } from '../../support/folder-stage.js';

describeBackend('folder', { descriptor: folderDescriptor, start: () => startFolder() }, { describe, test });

describeBackend(
  'folder with copied media and a coarse program',
  {
    descriptor: folderDescriptor,
    start: () => startFolder({ media: 'copy', precision: 3 }, { decimals: 3 }),
  },
  { describe, test },
);
