// Every metric of the executor: its name, its kind, its labels. The table in docs/operations.md is made from this.

export interface Metric {
  name: string;
  type: 'histogram' | 'counter' | 'gauge';
  help: string;
  labels: readonly string[];
}

export const METRICS = {
  start: {
    name: 'opr_executor_cold_start_seconds',
    type: 'histogram',
    help: 'cold starts, from admission until the instance ran, by kind: scratch, standby, warm-standby',
    labels: ['kind'],
  },
  listen: {
    name: 'opr_executor_readiness_seconds',
    type: 'histogram',
    help: 'from then until the server was ready for requests, as waited for',
    labels: [],
  },
  build: {
    name: 'opr_executor_build_seconds',
    type: 'histogram',
    help: 'commands of builds, by result: ok, failed',
    labels: ['result'],
  },
  execution: {
    name: 'opr_executor_execution_seconds',
    type: 'histogram',
    help:
      'executions, cold starts included; by way: execution (`/v1/runtimes/…`), gateway (`/functions/…`); ' +
      'and by the function’s status: 2xx, 4xx …, or none',
    labels: ['via', 'status'],
  },
  errors: {
    name: 'opr_executor_errors_total',
    type: 'counter',
    help: 'errors that callers were told, by type (errors.md)',
    labels: ['type'],
  },
  queue: {
    name: 'opr_executor_queue',
    type: 'gauge',
    help:
      'queued requests, by reason: function (its concurrent calls are at their limit), replica (all are busy), ' +
      'cold-start, capacity (runtimes are at their limit), engine (concurrent starts are at their limit)',
    labels: ['reason'],
  },
  capacity: { name: 'opr_executor_capacity', type: 'gauge', help: 'maximum number of runtimes', labels: [] },
  instances: {
    name: 'opr_executor_instances',
    type: 'gauge',
    help: 'instances, by state: starting, running, standby',
    labels: ['state'],
  },
  inFlight: {
    name: 'opr_executor_in_flight',
    type: 'gauge',
    help: 'executions, commands and readers of logs that are under way',
    labels: [],
  },
} as const satisfies Record<string, Metric>;

/** Upper bounds, in seconds: from a warm call to a long build. */
export const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];
