// Cases of docs/contract.md, clause Query: a table of query strings, and random ones from fixed seeds.

import { constantFrom, sample, string } from 'fast-check';
import type { WireCase } from '../case.ts';

const queries: Record<string, Record<string, string>> = {
  // The contract's own example.
  'a=b&c==d&e=f=g=&h&i=j&&k': { a: 'b', c: '=d', e: 'f=g=', h: '', i: 'j', k: '' },
  'a=1': { a: '1' },
  'a=1&b=2': { a: '1', b: '2' },
  'a=1&a=2&a=3': { a: '3' },
  'a=1&a': { a: '' },
  a: { a: '' },
  'a=': { a: '' },
  '=a': {},
  '=': {},
  '&&&': {},
  '==a&b=1': { b: '1' },
  'a?b=c?d': { 'a?b': 'c?d' },
  'a%20b=c%3Dd': { 'a%20b': 'c%3Dd' },
  'a+b=c+d': { 'a+b': 'c+d' },
  'A=1&a=2': { A: '1', a: '2' },
  'a[]=1&a[]=2': { 'a[]': '2' },
  'a[b]=1&a.c=2': { 'a[b]': '1', 'a.c': '2' },
  'a;b=1': { 'a;b': '1' },
  'a=1;b=2': { a: '1;b=2' },
  '0=x&1=y': { 0: 'x', 1: 'y' },
  '%=1&%zz=2': { '%': '1', '%zz': '2' },
  'constructor=1&toString=2': { constructor: '1', toString: '2' },
  ...(JSON.parse('{"__proto__=1&a=2":{"__proto__":"1","a":"2"}}') as Record<string, Record<string, string>>),
  'true=false&null=null': { true: 'false', null: 'null' },
  'url=http://a.test/?x=y': { url: 'http://a.test/?x=y' },
};

const table: WireCase[] = Object.entries(queries).map(([query, seen], index) => ({
  name: index === 0 ? 'query-example' : `query-table-${String(index).padStart(2, '0')}`,
  covers: 'Query',
  core: index === 0,
  send: { target: `/?${query}`, steps: [['echo', 'request']] },
  expect: { body: { member: 'query', equals: seen } },
}));

/** Query strings of the signs that matter, the same ones in every run. */
function randomQueries(): string[] {
  const sign = constantFrom('a', 'b', 'c', '=', '&', '?', '%', '+', '.', '-', '0');
  return sample(string({ unit: sign, minLength: 1, maxLength: 24 }), { seed: 20, numRuns: 20 });
}

/** The clause, word for word. */
function parse(query: string): Record<string, string> {
  const pairs = query.split('&').map((part): [string, string] => {
    const at = part.indexOf('=');
    return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
  });
  return Object.fromEntries(pairs.filter(([name]) => name !== ''));
}

const random: WireCase[] = randomQueries().map((query, index) => ({
  name: `query-random-${String(index + 1).padStart(2, '0')}`,
  covers: 'Query',
  send: { target: `/?${query}`, steps: [['echo', 'request']] },
  expect: { body: { member: 'query', equals: parse(query) } },
}));

const none: WireCase = {
  name: 'query-of-no-query-string',
  covers: 'Query',
  send: { target: '/a', steps: [['echo', 'request']] },
  expect: { body: { member: 'query', equals: {} } },
};

export const queryCases: readonly WireCase[] = [...table, ...random, none];
