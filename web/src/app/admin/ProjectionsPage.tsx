import { ProjectionList } from "../../features/projection/ProjectionList";
import { AdminRoom } from "./AdminRoom";

export function Component() {
  return (
    <AdminRoom title="projection.projections">
      <ProjectionList />
    </AdminRoom>
  );
}
