import type { RunWork } from '../backend.js';
import type { FolderParameters } from './parameters.js';

/** The name and version of the file layout, so that scripts can tell what they read. */
export const folderFormat = { format: 'annogate-folder', version: 1 } as const;

/** What `run.json` holds: what is to be annotated. No parameter of the run is in it but the precision. */
export function aboutRun(run: RunWork, { precision }: FolderParameters): string {
  const about = {
    ...folderFormat,
    runId: run.runId,
    annoKey: run.annoKey,
    dataset: run.datasetName,
    mediaType: run.mediaType,
    taskCount: run.taskCount,
    precision,
    labelSchema: run.labelSchema,
    fieldTypes: run.fieldTypes,
  };
  return `${JSON.stringify(about, null, 2)}\n`;
}

/** The text that stands in the folder for those who find it without the documentation. */
export const guideText = (run: RunWork, { precision }: FolderParameters): string => `\
Annotation run "${run.annoKey}" on dataset "${run.datasetName}"

run.json says what is to be annotated: fields, classes, attributes, and what may be changed.
Each folder below tasks/ is one task. Its labels.jsonl holds one sample per line, as JSON.

1. Set the task's state in status/<task>.json to "ANNOTATING"; put your name into "assignee" if you like.
2. Edit the labels. Keep each sample's "id", and the "id" of each label that you do not delete.
   A new label has no "id". Coordinates are relative to the picture (0 to 1) from its top left corner;
   boxes are [left, top, width, height]; frames count from 1. Keep at least ${precision} decimals.
   A label that is missing counts as deleted, unless its sample has "complete": false or is missing itself.
3. Write the new labels.jsonl under another name in the same folder and rename it, so that it is never read half-written.
4. Set the state to "COMPLETED" ("IN_REVIEW" and "REJECTED" are known too).

The order of lines, labels and keys does not matter. Do not rename folders.
`;
