import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { readMethodRule } from "../core/method-rule.ts";
import type { MethodRule, MethodRules } from "../core/method-rule.ts";

/** The name of a method in rules, errors and events: `package.Service/Method`. */
export function methodName(method: DescMethod): string {
  return `${method.parent.typeName}/${method.name}`;
}

/**
 * The rule of every method of `services`, by name. Throws a `TypeError` that
 * names all methods without one, or all entries for a method that a served
 * service does not have.
 */
export function readServedRules(
  services: readonly DescService[],
  rules: MethodRules = {},
): ReadonlyMap<string, MethodRule> {
  const served = new Map<string, MethodRule>();
  const without: string[] = [];
  for (const method of services.flatMap((service) => service.methods)) {
    const rule = readMethodRule(method, rules);
    if (rule === undefined) without.push(methodName(method));
    else served.set(methodName(method), rule);
  }
  if (without.length > 0) {
    throw new TypeError(
      `Nobody said who may call ${without.join(", ")}. Give each a rule: the option (connectrpc_oauth.v1.method), or an entry in "rules".`,
    );
  }
  refuseMisspelt(services, rules);
  return served;
}

// One table may serve many servers, so that entries of other services are none of our business.
function refuseMisspelt(services: readonly DescService[], rules: MethodRules): void {
  const misspelt = Object.keys(rules).filter((key) => {
    const [typeName, name] = key.split("/");
    const service = services.find((candidate) => candidate.typeName === typeName);
    return (
      service !== undefined &&
      name !== "*" &&
      !service.methods.some((method) => method.name === name)
    );
  });
  if (misspelt.length === 0) return;
  throw new TypeError(`The rules name methods that do not exist: ${misspelt.join(", ")}.`);
}
