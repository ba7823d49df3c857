import { understand } from "./asked.ts";
import type { AskContext, Asked, WantedUsers } from "./asked.ts";
import { allOf } from "./condition.ts";
import { SAMPLE, countAsked } from "./count-asked.ts";
import { NOTHING_KNOWN } from "./known-numbers.ts";
import { setOfList } from "./number-set.ts";
import type { MakeSource } from "./scan.ts";
import { byRelevance, inOrder, ofNumbers } from "./sources.ts";
import type { Shortcut, Source } from "./source.ts";
import { maxSeq } from "./statements.ts";
import type { Total } from "./total.ts";
import { boundsOfFilter } from "./user-filter.ts";
import { isBounded } from "./user-order.ts";
import type { Bounds, UserOrder } from "./user-order.ts";

// To look at so many users costs less than to know who matches ...
const FEW_ROWS = 2_048;
// ... and to look at one as much as to know so many.
const NUMBERS_FOR_A_ROW = 64;
// Walking an order past so many users costs as much as a person notices.
const WALKED_WITH_PATIENCE = 16_384;

/** How a list is read. */
export interface ListPlan {
  readonly sources: readonly MakeSource[];
  /** How many users there are on all pages. */
  readonly count: () => Promise<Total>;
  /** The same for lists of the same users, whatever their order. */
  readonly totalKey: string;
}

/** Plans how to read a list. */
export function planList(context: AskContext, request: WantedUsers): ListPlan {
  const { statements } = context;
  const asked = understand(context, request);
  const { query, order, where, found } = asked;
  return {
    sources: order
      ? [() => ordered(asked, order, request)]
      : query
        ? byRelevance(statements, query, where, found)
        : [],
    count: () => countAsked(asked),
    totalKey: JSON.stringify([query?.text ?? "", where]),
  };
}

// Where many match, walking the order mostly finds a page before it is known who they are.
async function ordered(asked: Asked, order: UserOrder, { filter }: WantedUsers): Promise<Source> {
  const { statements, query, matches, candidates, total, pageSize } = asked;
  const bounds = boundsOfFilter(filter, order.field);
  const walk = (shortcut?: Shortcut): Source =>
    inOrder(order, matches, { ...bounds, ...(shortcut ? { shortcut } : {}) });
  const take = () => byNumbers(asked, order, bounds, walk);
  if (!query) return take();
  const { size } = await total();
  const rowsToPage = (pageSize * maxSeq(statements)) / size;
  if (rowsToPage <= FEW_ROWS) {
    return walk({ afterRows: Math.max(2 * rowsToPage, size / NUMBERS_FOR_A_ROW), take });
  }
  // Within bounds there may be few users to look at.
  const isWalked = isBounded(bounds) && !candidates().isAll;
  return isWalked ? walk({ afterRows: WALKED_WITH_PATIENCE, take }) : take();
}

/** The list by the numbers of its users, as far as these can be known. */
async function byNumbers(
  { query, candidates, known, usersBeginning, left, find, total }: Asked,
  order: UserOrder,
  bounds: Bounds,
  walk: (shortcut?: Shortcut) => Source,
): Promise<Source> {
  const isEstimated = async () => (await total()).isEstimated;
  if (candidates().isAll) {
    const areMany = candidates().numbers.length > SAMPLE && (await isEstimated());
    const { numbers, where } = areMany ? candidates() : await known();
    return ofNumbers(order, setOfList(numbers), where, bounds);
  }
  if (query && query.beginnings.length > 0) {
    return ofNumbers(order, await usersBeginning(), left, bounds);
  }
  const take = async () => {
    const { numbers, isAll } = (await isEstimated()) ? NOTHING_KNOWN : await find();
    return isAll ? ofNumbers(order, setOfList(numbers), allOf([]), bounds) : walk();
  };
  return walk({ afterRows: WALKED_WITH_PATIENCE, take });
}
