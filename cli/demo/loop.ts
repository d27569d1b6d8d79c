import { join } from 'node:path';
import type { Client } from '../client.js';
import { importSample, operationDone } from '../import-sample.js';
import { queries } from '../queries.js';
import { playAnnotator } from './annotator.js';
import { heading, isObject, nonZero, say, showEvent } from './show.js';

const annoKey = 'fix_boxes';

/** What is to be annotated: boxes and one attribute may be edited, where a picture came from may not. */
const labelSchema = {
  ground_truth: {
    type: 'detections',
    classes: ['circle', 'square', 'triangle'],
    attributes: {
      size: { type: 'select', values: ['small', 'large'] },
      checked: { type: 'checkbox' },
      source: { type: 'text', read_only: true },
    },
  },
};

/** The whole loop on the sample dataset: import, annotate, watch, play an annotator, load, and say what came of it. */
export async function demonstrate(client: Client, dataFolder: string): Promise<void> {
  heading('1  Import: a small dataset of drawn pictures');
  const dataset = await importSample(client, dataFolder);
  say(`  dataset "${dataset}" with 24 pictures and their boxes`);
  const outbox = join(dataFolder, 'outbox');
  heading('2  Annotate: send a run out through the "folder" backend, and watch it live');
  const { annotate } = await client.ask<{ annotate: { id: string } }>(queries.annotate, {
    dataset,
    annoKey,
    labelSchema,
    parameters: { folder: outbox, task_size: 8 },
  });
  const seen = await watch(client, dataset, 'ANNOTATING', 0);
  heading('3  An annotator works on the files; meanwhile someone edits the dataset');
  await editMeanwhile(client, dataset);
  const played = await playAnnotator(outbox, annotate.id);
  say(`  the annotator: ${words({ ...played })}`);
  await watch(client, dataset, 'COMPLETED', seen);
  heading('4  Load: bring the work home');
  const { loadAnnotations } = await client.ask<{ loadAnnotations: { id: string } }>(queries.load, { dataset, annoKey });
  const result = await operationDone(client, loadAnnotations.id, (event) => showEvent(event));
  await report(client, loadAnnotations.id, result);
}

/** Shows the run's events as they come, until it is in the state. */
async function watch(client: Client, dataset: string, state: string, after: number): Promise<number> {
  let last = after;
  await client.follow(queries.runEvents, { dataset, annoKey, after }, (event) => {
    showEvent(event);
    last = event.number;
    return event.kind === 'RUN_STATE_CHANGED' && event.detail.to === state;
  });
  return last;
}

interface FirstLabels {
  readonly dataset: {
    readonly labels: {
      readonly edges: readonly {
        readonly node: { readonly id: string; readonly sample: { readonly id: string }; readonly label: string };
      }[];
    };
  };
}

/** Two edits in the dataset while the work is out: one that nobody else touches, one that the annotator makes differently. */
async function editMeanwhile(client: Client, dataset: string): Promise<void> {
  const query = `query ($name: String!) { dataset(name: $name) { labels(first: 40, filter: { field: "ground_truth" }) { edges { node { id label sample { id } } } } } }`;
  const { dataset: found } = await client.ask<FirstLabels>(query, { name: dataset });
  const nodes = found.labels.edges.map(({ node }) => ({ ...node, sampleId: node.sample.id }));
  const samples = [...new Set(nodes.map((node) => node.sampleId))];
  const ofSample = (n: number) => nodes.filter((node) => node.sampleId === samples[n]);
  const alone = ofSample(0)[0];
  const both = ofSample(2)[1];
  const edits = [alone, both]
    .filter((node) => node !== undefined)
    .map((node) => ({ sampleId: node.sampleId, labelId: node.id, set: { label: 'triangle' } }));
  await client.ask(queries.editLabels, { dataset, field: 'ground_truth', edits });
  say(`  in the dataset: ${edits.length} labels became "triangle", one of which the annotator relabels too`);
}

const words = (counts: Record<string, unknown>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');

interface FindingsAnswer {
  readonly findings: {
    readonly edges: readonly {
      readonly node: {
        readonly kind: string;
        readonly rule: string;
        readonly what: string;
        readonly attribute: string | null;
        readonly labelId: string | null;
        readonly ours: unknown;
        readonly theirs: unknown;
        readonly outcome: string;
      };
    }[];
  };
}

async function report(client: Client, operationId: string, result: Record<string, unknown>): Promise<void> {
  heading('What was applied, what stayed, what was refused and why');
  if (isObject(result.counts))
    for (const [name, count] of Object.entries(nonZero(result.counts))) say(`  ${name.padEnd(22)} ${count}`);
  const { findings } = await client.ask<FindingsAnswer>(queries.findings, { operationId });
  say('  The label that was edited here alone kept that edit; everything that nobody touched was not written at all.');
  for (const { node } of findings.edges) {
    const what = node.attribute === null ? node.what : `attribute "${node.attribute}"`;
    say(
      `  ${node.kind.padEnd(9)} ${node.rule}: ${what} of label ${node.labelId ?? '-'}: ours ${JSON.stringify(node.ours)}, theirs ${JSON.stringify(node.theirs)} (${node.outcome})`,
    );
  }
}
