import { StrictMode, useActionState, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import type { User } from "#app/users/schema.ts";
import { api, json } from "./api.ts";

/** Shows who is logged in, and else the form to log in by. */
function Account() {
  const [user, setUser] = useState<User>();
  useEffect(() => {
    // Nobody is logged in where this fails.
    api<User>("/me").then(setUser, () => {});
  }, []);
  return user ? <Known user={user} forget={() => setUser(undefined)} /> : <LogIn />;
}

function LogIn() {
  const [{ name, failure }, act] = useActionState(logIn, { name: "", failure: "" });
  return (
    <>
      <form action={act}>
        <label>
          Name{" "}
          <input
            name="name"
            required
            minLength={2}
            maxLength={40}
            autoComplete="username"
            autoCapitalize="none"
            defaultValue={name}
          />
        </label>
        <label>
          Password{" "}
          <input
            name="password"
            type="password"
            required
            minLength={12}
            maxLength={200}
            autoComplete="current-password"
          />
        </label>
        <button type="submit" name="path" value="/login">
          Log in
        </button>
        <button type="submit" name="path" value="/users">
          Register
        </button>
      </form>
      <Failure text={failure} />
    </>
  );
}

/** Goes on to the start page, or gives what the form shows next: the name again, and what is wrong. */
async function logIn(_: unknown, fields: FormData) {
  const { name, password, path } = Object.fromEntries(fields);
  try {
    await api<User>(String(path), json("POST", { name, password }));
    location.assign("/");
    return { name: "", failure: "" };
  } catch (error) {
    return { name: String(name), failure: (error as Error).message };
  }
}

function Known({ user, forget }: { user: User; forget: () => void }) {
  const [failure, act] = useActionState(async () => {
    try {
      await api("/logout", { method: "POST" });
      forget();
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  }, "");
  return (
    <>
      <form action={act}>
        <p>
          Logged in as <output>{user.name}</output>.
        </p>
        <button type="submit">Log out</button>
      </form>
      <Failure text={failure} />
    </>
  );
}

function Failure({ text }: { text: string }) {
  return (
    <p className="message failed" role="status">
      {text}
    </p>
  );
}

const place = document.querySelector("#account");
if (!place) throw new Error("the page has no #account");

createRoot(place).render(
  <StrictMode>
    <Account />
  </StrictMode>,
);
