import { enSession } from "./en-session.ts";
import { createCount } from "./plural.ts";

const count = createCount("en");
const number = (amount: number) => new Intl.NumberFormat("en").format(amount);
const users = { one: "user", other: "users" };
const matches = { one: "match", other: "matches" };

/** Every word of the page in English. Other languages have this shape. */
export const en = {
  language: "en",
  ...enSession,
  common: {
    close: "Close",
    cancel: "Cancel",
    copy: (what: string) => `Copy ${what}`,
    copied: (what: string) => `Copied ${what}.`,
    copyFailed: "The browser did not allow copying.",
    tryAgain: "Try again",
    details: "Details",
    loading: "Loading",
    never: "never",
    none: "none",
    blank: "–",
    more: (amount: number) => `+${String(amount)}`,
    requestId: (id: string) => `Request ${id}`,
    skipToResults: "Skip to the results",
    notFoundTitle: "There is no such page",
    notFoundText: "The address leads nowhere in this application.",
    toSearch: "Go to the search",
    partMissing:
      "This part could not be loaded. Everything else works on; it is there when the page was opened again.",
    crashTitle: "This page broke",
    crashText: "It is our mistake. Your session goes on; opening the page again usually helps.",
    crashReload: "Open the page again",
    scriptMissing: {
      crashTitle: "A part of this page could not be loaded",
      crashText:
        "There may be a newer version, or the network is away. Your session goes on, and so does your search.",
    },
  },
  search: {
    label: "Search users",
    placeholder: "Id, e-mail, name, or paste a list",
    clear: "Clear search",
    kindLabel: "Search as",
    kinds: { id: "Id", email: "E-mail", name: "Name" },
    only: { id: "Only ids", email: "Only e-mails", name: "Only names" },
    lookUpMany: (amount: number) => `Look up these ${String(amount)}`,
    fromToken: "The token was read here and not sent anywhere. Searching for its subject.",
    brokenToken: "This token names no subject. It was not sent anywhere.",
  },
  columns: {
    name: "Name",
    id: "Id",
    email: "E-mail",
    status: "Status",
    roles: "Roles",
    locale: "Locale",
    created: "Created",
    "signed-in": "Last sign-in",
  },
  status: {
    unknown: "Unknown",
    active: "Active",
    suspended: "Suspended",
    locked: "Locked",
    deleted: "Deleted",
  },
  filters: {
    region: "Filters",
    status: "Status",
    role: "Role",
    created: "Created",
    signIn: "Last sign-in",
    columns: "Columns",
    exportCsv: "Export CSV",
    clear: (filter: string) => `Drop filter ${filter}`,
    clearAll: "Drop all filters",
    value: (filter: string, value: string) => `${filter}: ${value}`,
    rolePlaceholder: "Add a role",
    roleAdd: "Add role",
    from: "From",
    to: "To",
    since: (day: string) => `since ${day}`,
    until: (day: string) => `until ${day}`,
    between: (from: string, to: string) => `${from} to ${to}`,
    anyTime: "Any time",
    never: "Never",
    dormant: (days: number) => `Not for ${String(days)} days`,
    resetColumns: "Usual columns",
  },
  results: {
    caption: (query: string) =>
      query === "" ? "All users" : `Users matching “${query}”, best match first`,
    captionSorted: (query: string) => (query === "" ? "All users" : `Users matching “${query}”`),
    count: (amount: number, estimated: boolean, searched: boolean) =>
      `${estimated ? "about " : ""}${count(amount, searched ? matches : users)}`,
    bestFirst: "best first",
    refreshing: "Refreshing",
    more: (amount: number) => `Show ${String(amount)} more`,
    loadingMore: "Loading more",
    open: (name: string) => `Open ${name}`,
    sortBy: (column: string) => `Sort by ${column}`,
    unnamed: "No name",
  },
  home: {
    title: "Look someone up",
    text: "Paste an id, an e-mail, a token, or a whole list. Or start with a name.",
    browse: (amount: string) => `Browse all ${amount}`,
    users: (amount: number, estimated: boolean) =>
      `${estimated ? "about " : ""}${count(amount, users)}`,
    many: "Look up many at once",
    recents: "Opened last",
    clearRecents: "Clear",
  },
  noMatch: {
    title: (query: string) =>
      query === "" ? "Nobody fits these filters" : `Nobody matches “${query}”`,
    titleFiltered: (query: string) =>
      query === "" ? "Nobody fits these filters" : `Nobody matching “${query}” fits the filters`,
    searched: {
      auto: "Ids, names and e-mail addresses were searched. A part of a word is enough.",
      id: "Only ids were searched.",
      email: "Only e-mail addresses were searched.",
      name: "Only names were searched.",
    },
    everywhere: "Search everywhere",
    withoutFilters: (amount: number, estimated: boolean) =>
      amount === 0
        ? "Nobody matches without the filters either."
        : `${estimated ? "About " : ""}${count(amount, { one: "user matches", other: "users match" })} without the filters.`,
    drop: (filter: string) => `Drop “${filter}”`,
  },
  noUsers: {
    title: "There are no users yet",
    text: "The service answered, and it knows nobody. New users appear here as soon as there are some.",
  },
  batch: {
    title: "Many at once",
    keys: "Ids, e-mail addresses or tokens, one a line",
    lookUp: "Look up",
    summary: (lines: number, found: number, missing: number) =>
      `${count(lines, { one: "line", other: "lines" })}: ${number(found)} found, ${number(missing)} missing`,
    copyMissing: "Copy the missing",
    missing: (amount: number) => count(amount, { one: "missing line", other: "missing lines" }),
    notFound: "not found",
    caption: "Result of the lookup",
    key: "Line",
  },
  exporting: {
    title: "Export",
    starting: "Export begins",
    progress: (done: number, total: string) => `${number(done)} of ${total}`,
    left: (time: string) => `${time} left`,
    waiting: "The user service does not answer. The export goes on by itself.",
    done: (amount: number, file: string) =>
      `${count(amount, { one: "row", other: "rows" })} saved as ${file}.`,
    failed: (why: string) => `${why}. Nothing was saved.`,
    close: "Close the export",
  },
  user: {
    region: (name: string) => `User ${name}`,
    close: "Close user",
    openPage: "Open as a page",
    back: "Back",
    overview: "Overview",
    json: "JSON",
    views: "Views of this user",
    email: "E-mail",
    id: "Id",
    updated: "Changed",
    links: "Open in",
    changes: "Changes while you watched",
    noChanges: "None so far.",
    notFoundTitle: (id: string) => `There is no user “${id}”`,
    notFoundText: "The id may be mistyped, or the user is gone.",
    change: {
      "signed-in": "Signed in",
      status: (status: string) => `Status is now ${status}`,
      "role-added": (role: string) => `Role ${role} added`,
      "role-removed": (role: string) => `Role ${role} removed`,
      name: (name: string) => `Name is now ${name}`,
      email: (email: string) => `E-mail is now ${email}`,
      locale: (locale: string) => `Locale is now ${locale}`,
      other: "Changed",
    },
    live: {
      connecting: "Connecting",
      live: "Live",
      reconnecting: "Reconnecting",
      polling: "Every 15 s",
      paused: "Paused",
      stopped: "Not live",
    },
    liveHint: {
      connecting: "Changes will appear here as they happen.",
      live: "Changes appear here as they happen.",
      reconnecting: "The connection broke off and is being opened again.",
      polling: "Other tabs use all live connections. This one asks every 15 seconds.",
      paused: "Goes on as soon as you look at this tab.",
      stopped: "What you see is from the last answer.",
    },
  },
  contact: {
    title: "Contact",
    hidden: "Phone and address are personal. They are fetched only when you ask for them.",
    reveal: "Show contact details",
    stepUp: "Phone and address are shown after you confirm it is you. Your place here is kept.",
    confirm: "Confirm it is you",
    denied: "Your account may not see contact details.",
    ask: "Ask for permission",
    phone: "Phone",
    address: "Address",
    hide: "Hide",
  },
  failure: {
    "service-unreachable": {
      title: "The user service did not answer",
      text: "Your search is kept, and it is being tried again by itself.",
    },
    "issuer-unreachable": {
      title: "The sign-in service did not answer",
      text: "You stay signed in. It is being tried again by itself.",
    },
    denied: {
      title: "You may not read users",
      text: "You are signed in, but your account lacks this permission. Your administrator can grant it.",
    },
    "sign-in": {
      title: "Sign in again to go on",
      text: "Your session ended. What you typed and where you were is kept.",
    },
    "step-up": {
      title: "Confirm it is you",
      text: "The service wants a newer sign-in for this.",
    },
    "not-found": { title: "Not found", text: "The service knows nothing under this name." },
    invalid: {
      title: "The service did not accept this search",
      text: "Change the search or drop a filter.",
    },
    misconfigured: {
      title: "This dashboard does not fit its services",
      text: "An administrator has to look at the configuration. Trying again will not help before that.",
    },
    broken: {
      title: "The user service made a mistake",
      text: "Try again. If it stays, pass the request id on to whoever runs the service.",
    },
    code: (code: string) => `Code ${code}`,
    missingScope: (scopes: string) => `Missing permission: ${scopes}`,
    askAgain: "Check again",
    notGranted: "The sign-in service did not grant it. Somebody has to allow it to your account.",
    contactSupport: "Contact support",
    copyDetails: "Copy details for support",
    staleSearch: "The user service does not answer. What you see is from the search before.",
    stale: (time: string) => `The user service does not answer. What you see is from ${time}.`,
  },
};

/** The shape that every language has. */
export type Messages = typeof en;
