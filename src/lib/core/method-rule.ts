import { getOption, hasOption } from "@bufbuild/protobuf";
import type { DescMethod } from "@bufbuild/protobuf";
import { method as methodOption } from "../../gen/connectrpc_oauth/v1/method_pb.ts";

/**
 * What a method needs of its caller. All demands hold together. A rule that
 * demands nothing and is not public asks for a valid token and no more.
 */
export interface MethodRule {
  /** No token is needed, and none is sent. Excludes every other demand. */
  readonly public: boolean;
  /** Every one of these scopes must be in the token (RFC 6749, section 3.3). */
  readonly scopes: readonly string[];
  /** At least one of these scopes must be in the token; empty means no demand. */
  readonly anyScopes: readonly string[];
  /** The `acr` must be one of these (RFC 9470, section 4); empty means any. */
  readonly acrValues: readonly string[];
  /** The greatest age of the sign-in in seconds (RFC 9470, section 4). */
  readonly maxAgeSeconds: number | undefined;
}

/** One entry of a table of rules. `maxAgeSeconds` 0 means no limit. */
export type MethodRuleEntry = Partial<MethodRule> & {
  /** Whether a client may repeat a call that was refused for its token. */
  readonly retry?: boolean;
};

/**
 * Rules in code, for services that nobody can annotate. The key is
 * `package.Service/Method`, or `package.Service/*` for all of a service.
 */
export type MethodRules = Readonly<Record<string, MethodRuleEntry>>;

const validTokenRule: MethodRule = {
  public: false,
  scopes: [],
  anyScopes: [],
  acrValues: [],
  maxAgeSeconds: undefined,
};

/**
 * The rule of `method`, or `undefined` when nobody wrote one. The option
 * `(connectrpc_oauth.v1.method)` is the base; the table wins over it field by
 * field, first its `/*` entry, then the entry of the method. Whoever names a
 * method in the table has written a rule for it. `public: true` drops the
 * demands beneath it, and a demand above `public` ends it. Throws a `TypeError`
 * when one and the same rule is public and demands something.
 */
export function readMethodRule(
  method: DescMethod,
  rules: MethodRules = {},
): (MethodRule & { readonly retry?: boolean }) | undefined {
  const service = method.parent.typeName;
  const layers: (readonly [string, MethodRuleEntry | undefined])[] = [
    [`the option of ${service}/${method.name}`, readOption(method)],
    ...[`${service}/*`, `${service}/${method.name}`].map(
      (key) => [`the rule "${key}"`, ownEntry(rules, key)] as const,
    ),
  ];
  let rule: (MethodRule & { readonly retry?: boolean }) | undefined;
  for (const [origin, entry] of layers) {
    if (entry === undefined) continue;
    assertConsistent(origin, entry);
    rule = overlay(rule ?? validTokenRule, entry);
  }
  return rule;
}

function readOption(method: DescMethod): MethodRuleEntry | undefined {
  if (!hasOption(method, methodOption)) return undefined;
  const option = getOption(method, methodOption);
  const { scopes, anyScopes, acrValues, maxAge: maxAgeSeconds } = option;
  return { public: option.public, scopes, anyScopes, acrValues, maxAgeSeconds };
}

// A table may come from JSON: a key like "constructor" must not find a prototype.
function ownEntry(rules: MethodRules, key: string): MethodRuleEntry | undefined {
  return Object.hasOwn(rules, key) ? rules[key] : undefined;
}

function assertConsistent(origin: string, entry: MethodRuleEntry): void {
  if (entry.public !== true || !demandsSomething(entry)) return;
  throw new TypeError(`${origin} says public and demands something as well. Remove one of them.`);
}

function demandsSomething(entry: MethodRuleEntry): boolean {
  const lists = [entry.scopes, entry.anyScopes, entry.acrValues];
  return lists.some((list) => (list?.length ?? 0) > 0) || (entry.maxAgeSeconds ?? 0) > 0;
}

function overlay(
  base: MethodRule & { readonly retry?: boolean },
  entry: MethodRuleEntry,
): MethodRule & { readonly retry?: boolean } {
  const rule = {
    ...base,
    ...(entry.public === true && validTokenRule),
    public: base.public && !demandsSomething(entry),
    ...withoutUndefined(entry),
  };
  return rule.maxAgeSeconds === 0 ? { ...rule, maxAgeSeconds: undefined } : rule;
}

function withoutUndefined(entry: MethodRuleEntry): MethodRuleEntry {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}
