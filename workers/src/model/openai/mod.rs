//! Models with an OpenAI-compatible API: `OpenAI`, Ollama, vLLM, llama.cpp, `LiteLLM` and others.

mod chunk;
mod embeddings;
mod request;
mod rerank;

pub(super) use self::chunk::decoder;
pub(super) use self::request::build_body;
