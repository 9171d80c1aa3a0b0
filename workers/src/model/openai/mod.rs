//! Models behind an OpenAI-compatible interface: `OpenAI`, Ollama, vLLM, llama.cpp, `LiteLLM` and their kin.

mod chunk;
mod embeddings;
mod request;
mod rerank;

pub(super) use self::chunk::chunks;
pub(super) use self::request::body;
