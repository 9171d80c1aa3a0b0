import { NewUser } from "../../features/user/NewUser";
import { UserList } from "../../features/user/UserList";
import { useMe } from "../useMe";
import { AdminRoom } from "./AdminRoom";

export function Component() {
  const me = useMe();
  return (
    <AdminRoom title="user.users" actions={<NewUser />}>
      <UserList meId={me.id} />
    </AdminRoom>
  );
}
