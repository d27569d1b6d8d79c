import { createHash } from 'node:crypto';
import type { ReturnedDocument, ReturnedField, ReturnedSample } from '../../backends/backend.js';
import { BackendContractError } from '../../domain/errors/index.js';
import {
  type Json,
  type LabelClass,
  type LabelDocument,
  labelFromDocument,
  type Mask,
  type PackedMask,
  type ReturnType,
  returnTypes,
} from '../../domain/labels/index.js';
import type { ReturnedLabel } from '../../domain/merge/types.js';
import { packMask } from '../../storage/mask-codec.js';
import { UnitHash } from '../content/unit-hash.js';

/** What came back for one field of a unit under one return type: by frame number, 0 for a whole image. */
export interface ReturnedPart {
  /** The field of the label schema, "" for none. */
  readonly field: string;
  readonly type: ReturnType;
  /** Whether the adapter gave frames (a video) or one image. */
  readonly byFrame: boolean;
  readonly labels: ReadonlyMap<number, readonly ReturnedLabel[]>;
  readonly values: ReadonlyMap<number, Json>;
}

/** A returned unit, checked and turned into labels: all that can be done before the transaction. */
export interface ReturnedUnit {
  readonly id: string;
  readonly complete: boolean;
  readonly parts: readonly ReturnedPart[];
  readonly masks: readonly PackedMask[];
  /** Keys that we made for labels which the backend cannot name: no other label has them. */
  readonly made: ReadonlySet<string>;
  readonly hash: string;
  /** Returned labels and scalars, for the counts of a unit that was not touched. */
  readonly size: number;
}

const classOf: Readonly<Record<ReturnType, LabelClass | null>> = {
  classifications: 'Classification',
  detections: 'Detection',
  polylines: 'Polyline',
  keypoints: 'Keypoint',
  segmentation: 'Segmentation',
  scalar: null,
};

/** Turns what an adapter returned into labels. Throws BACKEND_CONTRACT_BROKEN for an answer that has not the agreed form. */
export function returnedUnit(backend: string, runId: string, returned: ReturnedSample): ReturnedUnit {
  if (typeof returned?.id !== 'string')
    throw new BackendContractError(backend, 'download', 'a returned sample has no id');
  const reading = new Reading(backend, runId, returned.id);
  const parts: ReturnedPart[] = [];
  for (const field of Object.keys(returned.fields).sort())
    for (const type of Object.keys(returned.fields[field] ?? {}).sort()) {
      const content = returned.fields[field]?.[type as ReturnType];
      if (content !== undefined) parts.push(reading.part(field, type, content));
    }
  return {
    id: returned.id,
    complete: returned.complete === true,
    parts,
    masks: [...reading.masks.values()],
    made: reading.made,
    hash: reading.hash.digest(),
    size: reading.size,
  };
}

class Reading {
  readonly masks = new Map<string, PackedMask>();
  readonly made = new Set<string>();
  readonly hash = new UnitHash();
  size = 0;

  constructor(
    private readonly backend: string,
    private readonly runId: string,
    private readonly unit: string,
  ) {}

  part(field: string, type: string, content: ReturnedField): ReturnedPart {
    if (!(returnTypes as readonly string[]).includes(type))
      this.broken(`field "${field}" came back as unknown type "${type}"; known are ${returnTypes.join(', ')}`);
    const labels = new Map<number, readonly ReturnedLabel[]>();
    const values = new Map<number, Json>();
    const part: ReturnedPart = {
      field,
      type: type as ReturnType,
      byFrame: content.frames !== undefined,
      labels,
      values,
    };
    if (content.frames === undefined) this.frame(part, 0, content, labels, values);
    else
      for (const [frame, inFrame] of [...content.frames].sort(([a], [b]) => a - b))
        this.frame(part, frame, inFrame, labels, values);
    return part;
  }

  private frame(
    part: ReturnedPart,
    frame: number,
    content: ReturnedField,
    labels: Map<number, readonly ReturnedLabel[]>,
    values: Map<number, Json>,
  ): void {
    if (!Number.isSafeInteger(frame)) this.broken(`field "${part.field}" has a frame "${frame}" that is no number`);
    if (part.type === 'scalar') {
      const value = content.value ?? null;
      values.set(frame, value);
      this.size += 1;
      this.hash.part(part.field, frame);
      this.hash.value(value);
    } else {
      const made = this.labels(part, frame, content.labels);
      labels.set(frame, made);
      this.size += made.length;
      this.hash.part(part.field, frame);
      this.hash.labels(made);
    }
  }

  private labels(
    part: ReturnedPart,
    frame: number,
    documents: readonly ReturnedDocument[] | undefined,
  ): ReturnedLabel[] {
    if (!Array.isArray(documents)) this.broken(`field "${part.field}" has no list of ${part.type}`);
    const labelClass = classOf[part.type] as LabelClass;
    const nameless = new Map<string, number>();
    return (documents as readonly ReturnedDocument[]).map((returned) =>
      this.label(part, frame, labelClass, returned, nameless),
    );
  }

  private label(
    part: ReturnedPart,
    frame: number,
    labelClass: LabelClass,
    returned: ReturnedDocument,
    nameless: Map<string, number>,
  ): ReturnedLabel {
    if (typeof returned?.document !== 'object' || returned.document === null)
      this.broken(`field "${part.field}" holds a label that is no object`);
    const document = this.document(returned.document);
    const own = document.id;
    if (returned.id !== null)
      return {
        key: returned.id,
        label: labelFromDocument(labelClass, document, typeof own === 'string' ? own : returned.id),
      };
    const label = labelFromDocument(labelClass, document, '');
    const key = this.keyFor(
      `${part.field} ${part.type} ${frame} ${label.label} ${label.geometry} ${label.attributes} ${label.index}`,
      nameless,
    );
    this.made.add(key);
    return { key, label: { ...label, id: key } };
  }

  /** A new label that the backend cannot name gets the same key each time it comes back unchanged: it is never added twice. */
  private keyFor(content: string, nameless: Map<string, number>): string {
    const nth = (nameless.get(content) ?? 0) + 1;
    nameless.set(content, nth);
    return createHash('sha1').update(`${this.runId} ${this.unit} ${content} ${nth}`).digest('hex').slice(0, 24);
  }

  private document(document: ReturnedDocument['document']): LabelDocument {
    const { mask } = document;
    if (mask === null || mask === undefined || typeof mask === 'string') return document as LabelDocument;
    const packed = packMask(mask as Mask);
    this.masks.set(packed.hash, packed);
    return { ...document, mask: packed.hash };
  }

  private broken(problem: string): never {
    throw new BackendContractError(this.backend, 'download', `unit "${this.unit}": ${problem}`);
  }
}
