import type { Lease, Task } from '../../domain/run/index.js';
import { taskWorkFor } from '../content/task-work.js';
import type { DaemonContext } from '../context.js';
import { runWorkFor } from '../run-work.js';
import { type LoadProgress, loadPage, type PageContext } from './load-page.js';
import type { LoadPlan } from './load-plan.js';
import { PageSize } from './page-size.js';
import { clipPlaces } from './page-units.js';
import { type ReturnedUnit, returnedUnit } from './returned-units.js';
import { settleDeletions } from './settle-deletions.js';
import type { Targets } from './targets.js';
import { UnitGroups } from './unit-groups.js';

export interface TaskLoad {
  readonly context: DaemonContext;
  readonly lease: Lease;
  readonly plan: LoadPlan;
  readonly targets: Targets;
  readonly task: Task;
  readonly signal: AbortSignal;
}

/** Loads one task: streams what the adapter downloads into pages, then settles the task's deletions. */
export async function loadTask(load: TaskLoad, known: LoadProgress): Promise<LoadProgress> {
  const { context, lease, plan, task, signal } = load;
  const progress = known.task === task.id ? known : { ...known, task: task.id, taskSent: 0 };
  const after = await context.adapters.call(plan.run, signal, async (adapter) => {
    const runWork = await runWorkFor(context, lease, plan.run, signal);
    const work = await taskWorkFor(context, lease, plan.run, task, runWork);
    context.crashPoint('load:before-remote');
    return new TaskPages(load, await openGroups(load), progress, known.task === task.id).read(adapter.download(work));
  });
  context.crashPoint('load:after-remote');
  return settleDeletions(context, lease, plan, after);
}

async function openGroups({ context, plan, task }: TaskLoad): Promise<UnitGroups> {
  return new UnitGroups(context.storage, plan, await clipPlaces(context.storage, plan.run, task.part));
}

/** Gathers returned units into pages of about 50 ms of database time each. */
class TaskPages {
  private page: ReturnedUnit[] = [];
  private size = 0;
  private readonly aim = new PageSize();

  constructor(
    private readonly load: TaskLoad,
    private readonly groups: UnitGroups,
    private progress: LoadProgress,
    /** Whether an earlier attempt of this operation has loaded some of the task. */
    private readonly resumed: boolean,
  ) {}

  async read(returned: AsyncIterable<Parameters<typeof returnedUnit>[2]>): Promise<LoadProgress> {
    const { plan, signal } = this.load;
    for await (const sample of returned) {
      signal.throwIfAborted();
      const group = await this.groups.add(returnedUnit(plan.run.backend, plan.run.id, sample));
      if (group !== null) await this.take(group);
    }
    for (const group of this.groups.rest()) await this.take(group);
    await this.flush();
    return this.progress;
  }

  private async take(group: readonly ReturnedUnit[]): Promise<void> {
    this.page.push(...group);
    for (const unit of group) this.size += unit.size + 1;
    if (this.size >= this.aim.size) await this.flush();
  }

  private async flush(): Promise<void> {
    if (this.page.length === 0) return;
    const units = await this.fresh(this.page);
    const size = this.size;
    this.page = [];
    this.size = 0;
    if (units.length === 0) return;
    const started = performance.now();
    this.progress = await loadPage(this.pageContext(), units);
    this.aim.took(size, performance.now() - started);
  }

  /** Units of the load's view whose page was not committed by an earlier attempt of this operation. */
  private async fresh(units: readonly ReturnedUnit[]): Promise<readonly ReturnedUnit[]> {
    const wanted = await this.groups.inView(units);
    return this.resumed ? this.groups.withoutLoaded(wanted) : wanted;
  }

  private pageContext(): PageContext {
    const { context, lease, plan, targets } = this.load;
    return {
      context,
      lease,
      plan,
      clips: this.groups.clips,
      targetsOf: (tx, units) => targets.of(tx, units),
      progress: this.progress,
    };
  }
}
