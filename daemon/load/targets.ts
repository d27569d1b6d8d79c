import { FieldTypeConflictError, InvalidArgumentError } from '../../domain/errors/index.js';
import {
  type FieldType,
  fieldTypeOf,
  framePrefix,
  isFrameField,
  isScalarType,
  type Json,
  labelClassOf,
  returnTypeOf,
} from '../../domain/labels/index.js';
import { keptFieldType, mergeRulesFor, scalarRulesFor, scalarTypeOf } from '../../domain/merge/index.js';
import type { Storage, StoredField, Transaction } from '../../storage/stores.js';
import type { RunField } from '../content/run-fields.js';
import { storedNameOf } from '../content/run-fields.js';
import type { LoadPlan, Target } from './load-plan.js';
import type { ReturnedPart, ReturnedUnit } from './returned-units.js';

/**
 * The fields that a load writes to. Those of label types are there before the first page (made where they are missing);
 * a new scalar field takes its type from the first value that comes back.
 */
export class Targets {
  private readonly made = new Map<string, Target>();
  /** Fields that should keep unexpected labels and hold something else: the load says so at its end. */
  readonly conflicts = new Map<string, FieldTypeConflictError>();

  constructor(
    private readonly storage: Storage,
    private readonly plan: LoadPlan,
  ) {}

  /** Checks and makes the fields of the label schema. FIELD_TYPE_CONFLICT before anything is written. */
  async prepare(tx: Transaction): Promise<void> {
    for (const field of this.plan.fields) {
      if (field.schema.type === undefined || this.plan.routes.isGone(field.name)) continue;
      if (!field.scalar) await this.labelTarget(tx, field);
      else if (await this.existing(this.destinationOf(field))) await this.scalarTarget(tx, field, null);
    }
  }

  /** The targets of what came back, the fields of the label schema first. */
  async of(tx: Transaction, units: readonly ReturnedUnit[]): Promise<readonly Target[]> {
    for (const field of this.plan.fields)
      if (field.scalar && !this.plan.routes.isGone(field.name) && !this.made.has(keyOf(field.name, 'scalar')))
        await this.scalarFromValues(tx, field, units);
    await this.closeConflicting(units);
    for (const unit of units) for (const part of unit.parts) await this.keepPart(tx, part);
    return [...this.made.values()];
  }

  /** Forgets targets made in a transaction that was rolled back. */
  reset(): void {
    this.made.clear();
  }

  private destinationOf = (field: RunField): string =>
    storedNameOf(this.plan.run, this.plan.destinations.get(field.name) ?? field.name);

  private async existing(name: string): Promise<StoredField | null> {
    const fields = await this.storage.datasets.fields(this.plan.datasetId);
    return fields.find((field) => field.name === name) ?? null;
  }

  private async labelTarget(tx: Transaction, field: RunField): Promise<void> {
    const { type } = field.schema;
    if (type === undefined || type === 'scalar') return;
    const name = this.destinationOf(field);
    this.checkLevel(field, name);
    const stored = await this.ensure(
      tx,
      name,
      field.stored !== null && name === field.storedName ? field.stored.type : fieldTypeOf[type],
    );
    this.addLabels(field.name, returnTypeOf[type], stored, field);
  }

  private checkLevel(field: RunField, name: string): void {
    if (isFrameField(name) === field.frameLevel) return;
    const message = `"${field.name}" and "${name}" do not lie on one level: frame fields go to frame fields ("frames.").`;
    throw new InvalidArgumentError('destField', message);
  }

  private addLabels(
    payloadField: string,
    type: ReturnedPart['type'],
    stored: StoredField,
    source: RunField | null,
  ): void {
    const { run, request, tolerance } = this.plan;
    const toOtherField = source !== null && stored.name !== source.storedName;
    const facts = {
      fieldType: stored.type,
      frameField: isFrameField(stored.name),
      unit: run.selection.unit,
      toOtherField,
    };
    const rules = mergeRulesFor(source?.schema ?? null, facts, {
      policy: request.policy,
      compatible: request.compatible,
      tolerance,
    });
    this.made.set(keyOf(payloadField, type), {
      kind: 'labels',
      payloadField,
      type,
      source,
      frameLevel: isFrameField(stored.name),
      toOtherField,
      field: stored,
      rules,
    });
  }

  private async scalarFromValues(tx: Transaction, field: RunField, units: readonly ReturnedUnit[]): Promise<void> {
    const first = firstValue(units, field.name);
    if (first !== null) await this.scalarTarget(tx, field, first);
  }

  private async scalarTarget(tx: Transaction, field: RunField, first: Json): Promise<void> {
    const name = this.destinationOf(field);
    const known = await this.existing(name);
    const type =
      known?.type ?? (field.stored !== null && name !== field.storedName ? field.stored.type : scalarTypeOf(first));
    if (type === null) return;
    this.addScalars(field.name, await this.ensure(tx, name, type), field);
  }

  private addScalars(payloadField: string, stored: StoredField, source: RunField | null): void {
    const { request, tolerance } = this.plan;
    const toOtherField = source !== null && stored.name !== source.storedName;
    const facts = {
      type: isScalarType(stored.type) ? stored.type : null,
      frameField: isFrameField(stored.name),
      toOtherField,
    };
    const rules = scalarRulesFor(source?.schema ?? null, facts, {
      policy: request.policy,
      compatible: request.compatible,
      tolerance,
    });
    this.made.set(keyOf(payloadField, 'scalar'), {
      kind: 'scalar',
      payloadField,
      type: 'scalar',
      source,
      frameLevel: isFrameField(stored.name),
      toOtherField,
      field: stored,
      rules,
    });
  }

  /** Makes the target of unexpected labels that are kept. */
  private async keepPart(tx: Transaction, part: ReturnedPart): Promise<void> {
    const route = this.plan.routes.routeOf(part.field, part.type);
    if (route.kind !== 'KEEP' || this.made.has(keyOf(part.field, part.type))) return;
    const type = keptTypeOf(part);
    if (type === null) return;
    const stored = await this.ensure(tx, route.field, type);
    if (part.type === 'scalar') this.addScalars(part.field, stored, null);
    else this.addLabels(part.field, part.type, stored, null);
  }

  /** Where unexpected labels cannot be kept in the field meant for them, all are held, and the rest of the load goes on. */
  private async closeConflicting(units: readonly ReturnedUnit[]): Promise<void> {
    for (const unit of units)
      for (const part of unit.parts) {
        const route = this.plan.routes.routeOf(part.field, part.type);
        if (route.kind !== 'KEEP' || this.made.has(keyOf(part.field, part.type))) continue;
        const known = await this.existing(route.field);
        const type = keptTypeOf(part);
        if (known === null || type === null || known.type === type) continue;
        this.conflicts.set(route.field, new FieldTypeConflictError(route.field, known.type, type));
        this.plan.routes.close();
      }
  }

  private async ensure(tx: Transaction, name: string, type: FieldType): Promise<StoredField> {
    checkFieldName(name);
    const stored = await this.storage.datasets.ensureField(tx, this.plan.datasetId, { name, type, document: null });
    if (labelClassOf(stored.type) !== labelClassOf(type)) throw new FieldTypeConflictError(name, stored.type, type);
    return stored;
  }
}

const keptTypeOf = (part: ReturnedPart): FieldType | null =>
  keptFieldType[part.type] ?? scalarTypeOf([...part.values.values()].find((value) => value !== null) ?? null);

const keyOf = (field: string, type: string): string => `${field}\n${type}`;

/** A new field needs a name that queries can say: no dot (but for `frames.`), no dollar sign in front. */
function checkFieldName(name: string): void {
  const own = name.slice(isFrameField(name) ? framePrefix.length : 0);
  if (own === '' || own.includes('.') || own.startsWith('$'))
    throw new InvalidArgumentError(
      'destField',
      `"${name}" is no name of a field: expected a text without dots, after "frames." for fields of frames.`,
    );
}

function firstValue(units: readonly ReturnedUnit[], field: string): Json {
  for (const unit of units)
    for (const part of unit.parts) {
      if (part.field !== field || part.type !== 'scalar') continue;
      for (const value of part.values.values()) if (value !== null) return value;
    }
  return null;
}
