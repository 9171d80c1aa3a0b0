import { useSelector } from "react-redux";
import type { User } from "../api/generated";
import type { State } from "./store";

/** Who is signed in, in a room where somebody is. */
export function useMe(): User {
  const user = useSelector((state: State) => state.session.user);
  if (user === undefined) {
    throw new Error("nobody is signed in");
  }
  return user;
}
