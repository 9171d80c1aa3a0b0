import { Navigate } from "react-router";
import { useMe } from "../useMe";
import { sectionsOf } from "./sections";

/** Opens the first page of the administration that the person may enter. */
export function AdminIndex() {
  const [first] = sectionsOf(useMe().role);
  return first && <Navigate to={first.to} replace />;
}
