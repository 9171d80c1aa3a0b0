/** Client of ConvoSphere, a self-hosted AI assistant platform. */

export type { Options, Page, Query, Schemas, Upload } from "./call.js";
export { Client, type Settings } from "./client.js";
export { ConvoSphereError, JobError, NetworkError, type Problem, ProblemError } from "./errors.js";
export { type ListRequest, type Reply, type Request } from "./request.js";
export type { Frame, Frames, Run, StreamOptions } from "./stream.js";
