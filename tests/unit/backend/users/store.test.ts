import { describe, expect, it } from "vitest";
import { newUser, storeOf } from "../../../support/users.ts";

const { store } = storeOf([
  newUser({
    id: "user1",
    email: "José@Example.com",
    phoneNumber: "+15550100",
    addressLines: ["a", "b"],
  }),
  newUser({ id: "user2", email: "jose@example.com" }),
  newUser({ id: "USER1", email: "upper@example.com" }),
]);

describe("the user store", () => {
  it("gets a user by the exact id only", () => {
    expect(store.get("user1")?.email).toBe("José@Example.com");
    expect(store.get("USER1")?.email).toBe("upper@example.com");
    expect(store.get("User1")).toBeUndefined();
  });

  it("gets the contact apart", () => {
    const contact = { phoneNumber: "+15550100", addressLines: ["a", "b"] };
    expect(store.getContact("user1")).toEqual(contact);
    expect(store.getContact("nobody")).toBeUndefined();
    expect(store.get("user1")).not.toHaveProperty("phoneNumber");
  });

  it("gets many by id or address, each once, in the order asked for", async () => {
    const keys = ["jose@EXAMPLE.com", "nobody", "user1", "josé@example.com", "x@y.z", "nobody"];
    const { users, notFound } = await store.getMany(keys);
    expect(users.map(({ id }) => id)).toEqual(["user2", "user1"]);
    expect(notFound).toEqual(["nobody", "x@y.z"]);
  });

  it("reads the versions of those who exist", () => {
    expect(store.versions(["user1", "nobody"])).toEqual(new Map([["user1", 1]]));
  });
});
