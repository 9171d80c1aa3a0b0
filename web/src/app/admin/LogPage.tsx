import { LogExplorer } from "../../features/log/LogExplorer";
import { Verify } from "../../features/log/Verify";
import { AdminRoom } from "./AdminRoom";

export function Component() {
  return (
    <AdminRoom title="log.log" actions={<Verify />}>
      <LogExplorer />
    </AdminRoom>
  );
}
