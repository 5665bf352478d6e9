// A trace by service and operation: how often, how long in all, how long by themselves, how often they failed.
import { at, ERROR, nameOf, type SpanTree, serviceOf } from "./spanTree";

export type SpanGroup = {
  service: string;
  operation: string;
  spans: number;
  errors: number;
  /** Nanoseconds of all its spans together; those that run side by side count each. */
  total: number;
  /** The same without what their children took. */
  self: number;
  longest: number;
  /** The row of the longest. */
  span: number;
};

/** Those with the most work of their own first. */
export function spanGroups(tree: SpanTree): SpanGroup[] {
  const groups = new Map<number, SpanGroup>();
  for (let span = 0; span < tree.length; span += 1) {
    const key = at(tree.service, span) * tree.names.length + at(tree.operation, span);
    let group = groups.get(key);
    if (!group) {
      group = {
        service: serviceOf(tree, span),
        operation: nameOf(tree, span),
        spans: 0,
        errors: 0,
        total: 0,
        self: 0,
        longest: -1,
        span,
      };
      groups.set(key, group);
    }
    const duration = at(tree.duration, span);
    group.spans += 1;
    if (at(tree.status, span) === ERROR) group.errors += 1;
    group.total += duration;
    group.self += at(tree.selfTime, span);
    if (duration > group.longest) {
      group.longest = duration;
      group.span = span;
    }
  }
  return [...groups.values()].sort((a, b) => b.self - a.self || b.total - a.total);
}
