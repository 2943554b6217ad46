// The runs of containers as one watcher knows them: each end is told of once, and each new run after it.

import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import type { Adapter, InstanceExit } from '../adapter.ts';
import { exitOf, toInstance } from './container.ts';
import { isMissing } from './errors.ts';

interface Run {
  name: string;
  /** When it began, or was seen first; milliseconds of the engine's clock. */
  began: number;
  over: boolean;
}

/** Something that has happened to a container, and when by the engine's clock. */
interface Happening {
  id: string;
  name: string;
  ms: number;
}

export interface Runs {
  /** Compares what there is now with what was known before, and tells of what was missed. */
  compare(ids: string[]): Promise<void>;
  started(happening: Happening): Promise<void>;
  renamed(happening: Happening): void;
  ended(happening: Happening & { exit: InstanceExit }): void;
  gone(happening: Happening): void;
}

type Watcher = Parameters<Adapter['watch']>[0] & { docker: Docker; network: string };

const UNSEEN: InstanceExit = { code: -1, outOfMemory: false };

export function createRuns({ docker, network, onExit, onRestart, signal }: Watcher): Runs {
  const runs = new Map<string, Run>();
  let compared = false;

  function tellExit({ name, exit }: { name: string; exit: InstanceExit }): void {
    if (!signal.aborted) onExit({ name, ...exit });
  }

  function tellRestart(info: ContainerInspectInfo): void {
    const instance = toInstance({ container: info, network });
    if (instance.state === 'running' && !signal.aborted) onRestart(instance);
  }

  async function inspect(id: string): Promise<ContainerInspectInfo | undefined> {
    try {
      return await docker.getContainer(id).inspect();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  function catchUp({ info, before }: { info: ContainerInspectInfo; before: Run | undefined }): void {
    const name = info.Name.slice(1);
    const { Running, Restarting, Paused, StartedAt, Status } = info.State;
    // One that waits for its restart counts as running for the engine.
    const over = Status !== 'created' && (Restarting || !(Running || Paused));
    const began = Date.parse(StartedAt);
    runs.set(info.Id, { name, began, over });
    if (!before) {
      // It came while nobody watched; what was there when the watching began is no news.
      if (compared && over) tellExit({ name, exit: exitOf(info) });
      return;
    }
    const anew = began > before.began;
    if (!before.over && (over || anew)) tellExit({ name, exit: over ? exitOf(info) : UNSEEN });
    if (!over && (before.over || anew)) tellRestart(info);
  }

  return {
    compare: async (ids) => {
      const found = (await Promise.all(ids.map(inspect))).filter((info) => info !== undefined);
      const present = new Set(found.map(({ Id }) => Id));
      for (const [id, { name, over }] of runs) {
        if (present.has(id)) continue;
        runs.delete(id);
        if (!over) tellExit({ name, exit: UNSEEN });
      }
      for (const info of found) catchUp({ info, before: runs.get(info.Id) });
      compared = true;
    },

    started: async ({ id, name, ms }) => {
      const before = runs.get(id);
      if (before && !before.over) return;
      // Asked before it is noted: if the engine goes away now, the next comparison tells of it.
      const info = before && (await inspect(id));
      runs.set(id, { name, began: ms, over: false });
      if (info) tellRestart(info);
    },

    renamed: ({ id, name }) => {
      const run = runs.get(id);
      if (run) run.name = name;
    },

    ended: ({ id, name, ms, exit }) => {
      const run = runs.get(id);
      // News that is older than the comparison which told of it.
      if (!run || run.over || ms < run.began) return;
      run.over = true;
      tellExit({ name, exit });
    },

    gone: ({ id }) => void runs.delete(id),
  };
}
