import { documentOfLabel, type Json, type Label } from '../labels/index.js';
import { emptyCounts } from './counts.js';
import type { Outcome } from './judge.js';
import type { MergeRuleCode } from './rule-codes.js';
import type { Alias, Finding, FrameMerge, LeftBehind } from './types.js';

/** What a merge collects over the frames of a sample: counts, findings, and the writes of the frame in hand. */
export class Ledger {
  readonly counts = emptyCounts();
  readonly findings: Finding[] = [];
  readonly frames: FrameMerge[] = [];
  private frame = 0;
  private page: Page | null = null;
  private readonly addedIds = new Set<string>();

  open(frame: number): void {
    this.frame = frame;
    this.page = null;
    this.addedIds.clear();
  }

  /** Keeps the frame's writes, if there are any. */
  close(): void {
    if (this.page !== null) this.frames.push(this.page);
  }

  update(label: Label): void {
    this.writes().updates.push(label);
  }

  add(label: Label): void {
    this.writes().additions.push(label);
    this.addedIds.add(label.id);
  }

  delete(id: string): void {
    this.writes().deletions.push(id);
  }

  becomesEmptyList(): void {
    this.writes().becomesEmptyList = true;
  }

  join(id: string): void {
    this.writes().joined.push(id);
  }

  alias(alias: Alias): void {
    this.writes().aliases.push(alias);
  }

  leaveBehind(id: string, returned: Label | null): void {
    this.writes().leftBehind.push({ id, returned });
  }

  get additions(): readonly Label[] {
    return this.page?.additions ?? [];
  }

  get deletions(): readonly string[] {
    return this.page?.deletions ?? [];
  }

  /** Whether the frame in hand already gets a new label with this id. */
  addsId(id: string): boolean {
    return this.addedIds.has(id);
  }

  note(finding: Noted): void {
    const { kind, labelId, what, attribute = null, rule, ours, theirs, outcome = 'kept ours' } = finding;
    this.findings.push({ kind, frame: this.frame, labelId, what, attribute, rule, ours, theirs, outcome });
  }

  private writes(): Page {
    this.page ??= new Page(this.frame);
    return this.page;
  }
}

type Noted = Omit<Finding, 'frame' | 'attribute' | 'rule' | 'outcome'> & {
  readonly attribute?: string;
  readonly rule: MergeRuleCode;
  readonly outcome?: Outcome;
};

class Page implements FrameMerge {
  readonly updates: Label[] = [];
  readonly additions: Label[] = [];
  readonly deletions: string[] = [];
  becomesEmptyList = false;
  readonly joined: string[] = [];
  readonly aliases: Alias[] = [];
  readonly leftBehind: LeftBehind[] = [];

  constructor(readonly frame: number) {}
}

/** A label as it stands in a finding. */
export const labelJson = (label: Label): Json => documentOfLabel(label) as Json;
