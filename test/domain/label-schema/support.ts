import {
  type BackendRules,
  type DatasetFacts,
  type FieldFacts,
  LabelObserver,
  type LabelSchemaRequest,
  resolveLabelSchema,
} from '../../../domain/label-schema/index.js';
import { type LabelDocument, labelClassOf, labelFromDocument } from '../../../domain/labels/index.js';
import { memBackendDescriptor } from '../../support/mem-backend-descriptor.js';

export const backend = (capabilities: Partial<BackendRules['capabilities']> = {}): BackendRules => {
  const descriptor = memBackendDescriptor();
  return { name: 'mem', ...descriptor, capabilities: { ...descriptor.capabilities, ...capabilities } };
};

/** Facts of a field that holds these labels. */
export function field(type: string, documents: readonly LabelDocument[] = []): FieldFacts {
  const observer = new LabelObserver(type);
  const labelClass = labelClassOf(type);
  if (labelClass !== null) for (const document of documents) observer.add(labelFromDocument(labelClass, document, 'a'));
  const classes = [...new Set(documents.flatMap(({ label }) => label ?? []))].sort();
  return { type, classes, labels: observer.facts() };
}

export const facts = (fields: Record<string, FieldFacts> = {}, more: Partial<DatasetFacts> = {}): DatasetFacts => ({
  mediaType: 'image',
  unit: 'sample',
  unitCount: 1,
  view: null,
  fields: new Map(Object.entries(fields)),
  mediaFields: ['filepath'],
  maskTargets: {},
  defaultMaskTargets: null,
  ...more,
});

/** Resolves a request for the field `things` that holds these labels. */
export const resolve = (
  request: LabelSchemaRequest,
  things: FieldFacts | null,
  rules: BackendRules = backend(),
  more: Partial<DatasetFacts> = {},
) => resolveLabelSchema({ labelField: 'things', ...request }, facts(things === null ? {} : { things }, more), rules);

/** The code of what is thrown; null where nothing is. */
export function codeOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
