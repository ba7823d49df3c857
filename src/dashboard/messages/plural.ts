import { once } from "../lib/once.ts";

/**
 * A function that puts a number and the fitting form of a word together, for a
 * language (BCP 47): `count(2, { one: "user", other: "users" })` is "2 users".
 */
export function createCount(language: string) {
  const rules = once(() => new Intl.PluralRules(language));
  const numbers = once(() => new Intl.NumberFormat(language));
  return (
    amount: number,
    forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string },
  ): string => `${numbers().format(amount)} ${forms[rules().select(amount)] ?? forms.other}`;
}
