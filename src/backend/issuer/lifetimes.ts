import { dashboardClientId } from "./clients.ts";

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** Everything below is in seconds. */
export const lifetimes = {
  authorizationCode: MINUTE,
  /** How long the sign-in page may stay open. */
  interaction: 60 * MINUTE,
  idToken: 60 * MINUTE,
  pushedRequest: MINUTE,
  /** A person signs in again after this long at the latest, because the grant ends too. */
  refreshToken: 14 * DAY,
  grant: 14 * DAY,
  session: 14 * DAY,
} as const;

/**
 * The lifetime of an access token in seconds: `override` for all clients when it is given, otherwise one minute for the
 * dashboard, so that renewal can be watched, and half an hour for services.
 */
export function accessTokenSeconds(clientId: string | undefined, override?: number): number {
  if (override !== undefined) return override;
  return clientId === dashboardClientId ? MINUTE : 30 * MINUTE;
}
