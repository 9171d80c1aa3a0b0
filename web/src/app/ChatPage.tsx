import { useParams } from "react-router";
import { NewChat } from "./NewChat";
import { OpenChat } from "./OpenChat";

/** A chat, or the place where one starts: the first message creates it. */
export function ChatPage() {
  const { id } = useParams();
  return id === undefined ? <NewChat /> : <OpenChat key={id} id={id} />;
}
