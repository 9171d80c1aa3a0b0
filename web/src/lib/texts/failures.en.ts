/** Why an answer or a document failed, by the code of the failure. */
export const failures = {
  answer: {
    model_unavailable: "This model isn't available.",
    provider_error: "The provider sent an error or a response that couldn't be read.",
    provider_unauthorized: "The provider rejected the API key, or the account has no credit.",
    provider_rate_limited: "The provider is getting too many requests. Try again in a moment.",
    provider_unreachable: "The provider can't be reached.",
    provider_timeout: "The model stopped responding.",
    internal: "Something went wrong on the server.",
  },
  document: {
    unsupported_type: "This type of file isn't supported.",
    unreadable: "The file is damaged.",
    encrypted: "The file is protected by a password. Save it without one and upload it again.",
    no_text: "The file has no text.",
    too_large: "The file is too large.",
    timeout: "Processing took too long. Split the file and upload the parts.",
    file_missing: "The file no longer exists.",
    internal: "Something went wrong on the server.",
  },
};
