// Finds the small faults that can be put into a source file: one operator, constant, string, condition or statement
// each.

import { type Node, parseSync, visitorKeys } from 'oxc-parser';

export interface Mutation {
  /** From 1. */
  line: number;
  /** The range of the source that is replaced, and by what. */
  start: number;
  end: number;
  replacement: string;
  /** The two side by side, short, for people. */
  change: string;
}

const OPERATORS = new Map([
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['===', '!=='],
  ['!==', '==='],
  ['+', '-'],
  ['-', '+'],
  ['*', '/'],
  ['/', '*'],
  ['%', '*'],
  ['&&', '||'],
  ['||', '&&'],
  ['??', '&&'],
]);

const METHODS = new Map([
  ['startsWith', 'endsWith'],
  ['endsWith', 'startsWith'],
  ['some', 'every'],
  ['every', 'some'],
  ['min', 'max'],
  ['max', 'min'],
  ['indexOf', 'lastIndexOf'],
]);

// Whole method calls without which their object remains.
const DROPPED = new Set(['toLowerCase', 'toUpperCase', 'trim', 'toString', 'slice', 'filter', 'concat']);

/** In the order of the source. The language follows from the file's name. */
export function findMutations(file: string, source: string): Mutation[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message}`);
  const found: Mutation[] = [];
  visit(program, (node, parent) => {
    for (const { start = node.start, end = node.end, replacement } of changesOf(node, { parent, source })) {
      const line = source.slice(0, start).split('\n').length;
      const change = `${shorten(source.slice(start, end))} → ${shorten(replacement) || '(nothing)'}`;
      found.push({ line, start, end, replacement, change });
    }
  });
  return found.toSorted((a, b) => a.start - b.start || a.end - b.end);
}

export function applyMutation(source: string, { start, end, replacement }: Mutation): string {
  return source.slice(0, start) + replacement + source.slice(end);
}

// Types are gone when a program runs, and what is imported under another name does not run at all.
const SKIPPED = /^(?:TS(?!AsExpression|NonNull|Satisfies)|Import|ExportAll)/;

function visit(node: Node, act: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  if (SKIPPED.test(node.type) || isRequire(node)) return;
  act(node, parent);
  for (const key of visitorKeys[node.type] ?? []) {
    const children: unknown = Reflect.get(node, key);
    for (const child of Array.isArray(children) ? children : [children]) if (child) visit(child as Node, act, node);
  }
}

function isRequire(node: Node): boolean {
  return node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'require';
}

interface Change {
  /** Of the node itself if left out. */
  start?: number;
  end?: number;
  replacement: string;
}

function changesOf(node: Node, { parent, source }: { parent: Node | undefined; source: string }): Change[] {
  const text = (part: { start: number; end: number }): string => source.slice(part.start, part.end);
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression': {
      const other = OPERATORS.get(node.operator);
      const [start, end] = [node.left.end, node.right.start];
      return other === undefined
        ? []
        : [{ start, end, replacement: text({ start, end }).replace(node.operator, other) }];
    }
    case 'UnaryExpression':
      return node.operator === '!' ? [{ replacement: text(node.argument) }] : [];
    case 'ConditionalExpression':
    case 'IfStatement':
      return [{ start: node.test.start, end: node.test.end, replacement: `!(${text(node.test)})` }];
    case 'Literal':
      return isDirective(parent) || isKey(node, parent) || isForTypes(node, parent)
        ? []
        : literal(node.value, text(node));
    case 'TemplateLiteral':
      return [{ replacement: "''" }];
    case 'ExpressionStatement':
      return node.directive ? [] : [{ replacement: ';' }];
    case 'ReturnStatement':
      return node.argument === null
        ? []
        : [{ start: node.argument.start, end: node.argument.end, replacement: 'undefined' }];
    case 'ArrowFunctionExpression':
      return node.body.type === 'BlockStatement'
        ? []
        : [{ start: node.body.start, end: node.body.end, replacement: 'undefined' }];
    case 'CallExpression':
      return methodCall(node);
    default:
      return [];
  }

  function methodCall({ callee }: Extract<Node, { type: 'CallExpression' }>): Change[] {
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return [];
    const { name, start, end } = callee.property;
    const other = METHODS.get(name);
    if (other !== undefined) return [{ start, end, replacement: other }];
    return DROPPED.has(name) ? [{ replacement: text(callee.object) }] : [];
  }
}

function isDirective(parent: Node | undefined): boolean {
  return parent?.type === 'ExpressionStatement';
}

function isKey(node: Node, parent: Node | undefined): boolean {
  return parent?.type === 'Property' && parent.key === node;
}

/** What stands in for an item of a list that is always there: the type checker asks for it, and nothing uses it. */
function isForTypes(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === 'AssignmentPattern') return parent.right === node;
  if (parent?.type !== 'LogicalExpression' || parent.operator !== '??' || parent.right !== node) return false;
  return parent.left.type === 'MemberExpression' && parent.left.computed;
}

function literal(value: unknown, raw: string): Change[] {
  if (typeof value === 'boolean') return [{ replacement: String(!value) }];
  if (typeof value === 'number') return [{ replacement: String(value + 1) }];
  if (typeof value === 'string') return [{ replacement: value === '' ? "'mutated'" : "''" }];
  return raw.startsWith('/') ? regularExpression(raw) : [];
}

/** Without its beginning, without its end, without each of its flags. */
function regularExpression(raw: string): Change[] {
  const at = raw.lastIndexOf('/');
  const [pattern, flags] = [raw.slice(1, at), raw.slice(at + 1)];
  const changed = [
    ...(pattern.startsWith('^') ? [`/${pattern.slice(1)}/${flags}`] : []),
    ...(pattern.endsWith('$') ? [`/${pattern.slice(0, -1)}/${flags}`] : []),
    ...[...flags].map((flag) => `/${pattern}/${flags.replace(flag, '')}`),
  ];
  return changed.map((replacement) => ({ replacement }));
}

const LONGEST_SHOWN = 60;

function shorten(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length <= LONGEST_SHOWN ? line : `${line.slice(0, LONGEST_SHOWN)}…`;
}
