import { baseApi as api } from "./baseApi";
const injectedRtkApi = api.injectEndpoints({
  endpoints: (build) => ({
    getAssistantUsage: build.query<
      GetAssistantUsageApiResponse,
      GetAssistantUsageApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/analytics/assistants`,
        params: {
          from: queryArg["from"],
          until: queryArg.until,
        },
      }),
    }),
    getModelUsage: build.query<GetModelUsageApiResponse, GetModelUsageApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/analytics/models`,
        params: {
          from: queryArg["from"],
          until: queryArg.until,
        },
      }),
    }),
    getOverview: build.query<GetOverviewApiResponse, GetOverviewApiArg>({
      query: () => ({ url: `/api/v1/analytics/overview` }),
    }),
    getUsage: build.query<GetUsageApiResponse, GetUsageApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/analytics/usage`,
        params: {
          by: queryArg.by,
          from: queryArg["from"],
          until: queryArg.until,
        },
      }),
    }),
    listAssistants: build.query<
      ListAssistantsApiResponse,
      ListAssistantsApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/assistants`,
        params: {
          limit: queryArg.limit,
          cursor: queryArg.cursor,
        },
      }),
    }),
    createAssistant: build.mutation<
      CreateAssistantApiResponse,
      CreateAssistantApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/assistants`,
        method: "POST",
        body: queryArg.createAssistant,
      }),
    }),
    deleteAssistant: build.mutation<
      DeleteAssistantApiResponse,
      DeleteAssistantApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/assistants/${queryArg.id}`,
        method: "DELETE",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    getAssistant: build.query<GetAssistantApiResponse, GetAssistantApiArg>({
      query: (queryArg) => ({ url: `/api/v1/assistants/${queryArg.id}` }),
    }),
    updateAssistant: build.mutation<
      UpdateAssistantApiResponse,
      UpdateAssistantApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/assistants/${queryArg.id}`,
        method: "PATCH",
        body: queryArg.updateAssistant,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    activateAssistant: build.mutation<
      ActivateAssistantApiResponse,
      ActivateAssistantApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/assistants/${queryArg.id}/activate`,
        method: "POST",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    deactivateAssistant: build.mutation<
      DeactivateAssistantApiResponse,
      DeactivateAssistantApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/assistants/${queryArg.id}/deactivate`,
        method: "POST",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    duplicateAssistant: build.mutation<
      DuplicateAssistantApiResponse,
      DuplicateAssistantApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/assistants/${queryArg.id}/duplicate`,
        method: "POST",
      }),
    }),
    getAssistantPerformance: build.query<
      GetAssistantPerformanceApiResponse,
      GetAssistantPerformanceApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/assistants/${queryArg.id}/performance`,
      }),
    }),
    listAssistantVersions: build.query<
      ListAssistantVersionsApiResponse,
      ListAssistantVersionsApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/assistants/${queryArg.id}/versions`,
      }),
    }),
    getAssistantVersion: build.query<
      GetAssistantVersionApiResponse,
      GetAssistantVersionApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/assistants/${queryArg.id}/versions/${queryArg.n}`,
      }),
    }),
    restoreAssistantVersion: build.mutation<
      RestoreAssistantVersionApiResponse,
      RestoreAssistantVersionApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/assistants/${queryArg.id}/versions/${queryArg.n}/restore`,
        method: "POST",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    login: build.mutation<LoginApiResponse, LoginApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/auth/login`,
        method: "POST",
        body: queryArg.login,
      }),
    }),
    logout: build.mutation<LogoutApiResponse, LogoutApiArg>({
      query: () => ({ url: `/api/v1/auth/logout`, method: "POST" }),
    }),
    refresh: build.mutation<RefreshApiResponse, RefreshApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/auth/refresh`,
        method: "POST",
        body: queryArg.refresh,
      }),
    }),
    register: build.mutation<RegisterApiResponse, RegisterApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/auth/register`,
        method: "POST",
        body: queryArg.register,
      }),
    }),
    endAllSessions: build.mutation<
      EndAllSessionsApiResponse,
      EndAllSessionsApiArg
    >({
      query: () => ({ url: `/api/v1/auth/sessions`, method: "DELETE" }),
    }),
    listSessions: build.query<ListSessionsApiResponse, ListSessionsApiArg>({
      query: () => ({ url: `/api/v1/auth/sessions` }),
    }),
    endSession: build.mutation<EndSessionApiResponse, EndSessionApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/auth/sessions/${queryArg.id}`,
        method: "DELETE",
      }),
    }),
    listBackups: build.query<ListBackupsApiResponse, ListBackupsApiArg>({
      query: () => ({ url: `/api/v1/backups` }),
    }),
    createBackup: build.mutation<CreateBackupApiResponse, CreateBackupApiArg>({
      query: () => ({ url: `/api/v1/backups`, method: "POST" }),
    }),
    listConversations: build.query<
      ListConversationsApiResponse,
      ListConversationsApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/conversations`,
        params: {
          q: queryArg.q,
          archived: queryArg.archived,
          trashed: queryArg.trashed,
          pinned: queryArg.pinned,
          limit: queryArg.limit,
          cursor: queryArg.cursor,
        },
      }),
    }),
    createConversation: build.mutation<
      CreateConversationApiResponse,
      CreateConversationApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/conversations`,
        method: "POST",
        body: queryArg.createConversation,
      }),
    }),
    emptyTrash: build.mutation<EmptyTrashApiResponse, EmptyTrashApiArg>({
      query: () => ({
        url: `/api/v1/conversations/empty-trash`,
        method: "POST",
      }),
    }),
    trashConversation: build.mutation<
      TrashConversationApiResponse,
      TrashConversationApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/conversations/${queryArg.id}`,
        method: "DELETE",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    getConversation: build.query<
      GetConversationApiResponse,
      GetConversationApiArg
    >({
      query: (queryArg) => ({ url: `/api/v1/conversations/${queryArg.id}` }),
    }),
    updateConversation: build.mutation<
      UpdateConversationApiResponse,
      UpdateConversationApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/conversations/${queryArg.id}`,
        method: "PATCH",
        body: queryArg.updateConversation,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    eraseConversation: build.mutation<
      EraseConversationApiResponse,
      EraseConversationApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/conversations/${queryArg.id}/erase`,
        method: "POST",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    exportConversation: build.query<
      ExportConversationApiResponse,
      ExportConversationApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/conversations/${queryArg.id}/export`,
        params: {
          format: queryArg.format,
        },
      }),
    }),
    listMessages: build.query<ListMessagesApiResponse, ListMessagesApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/conversations/${queryArg.id}/messages`,
        params: {
          leaf: queryArg.leaf,
          through: queryArg.through,
          limit: queryArg.limit,
          cursor: queryArg.cursor,
        },
      }),
    }),
    postMessage: build.mutation<PostMessageApiResponse, PostMessageApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/conversations/${queryArg.id}/messages`,
        method: "POST",
        body: queryArg.postMessage,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    moveReadMarker: build.mutation<
      MoveReadMarkerApiResponse,
      MoveReadMarkerApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/conversations/${queryArg.id}/read-marker`,
        method: "PUT",
        body: queryArg.moveReadMarker,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    restoreConversation: build.mutation<
      RestoreConversationApiResponse,
      RestoreConversationApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/conversations/${queryArg.id}/restore`,
        method: "POST",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    streamConversation: build.query<
      StreamConversationApiResponse,
      StreamConversationApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/conversations/${queryArg.id}/stream`,
        params: {
          after: queryArg.after,
        },
      }),
    }),
    deleteDocument: build.mutation<
      DeleteDocumentApiResponse,
      DeleteDocumentApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/documents/${queryArg.id}`,
        method: "DELETE",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    getDocument: build.query<GetDocumentApiResponse, GetDocumentApiArg>({
      query: (queryArg) => ({ url: `/api/v1/documents/${queryArg.id}` }),
    }),
    listChunks: build.query<ListChunksApiResponse, ListChunksApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/documents/${queryArg.id}/chunks`,
        params: {
          around: queryArg.around,
          limit: queryArg.limit,
          cursor: queryArg.cursor,
        },
      }),
    }),
    getDocumentContent: build.query<
      GetDocumentContentApiResponse,
      GetDocumentContentApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/documents/${queryArg.id}/content`,
        headers: {
          Range: queryArg.range,
        },
      }),
    }),
    replaceDocument: build.mutation<
      ReplaceDocumentApiResponse,
      ReplaceDocumentApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/documents/${queryArg.id}/content`,
        method: "PUT",
        body: queryArg.body,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    reprocessDocument: build.mutation<
      ReprocessDocumentApiResponse,
      ReprocessDocumentApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/documents/${queryArg.id}/reprocess`,
        method: "POST",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    listEvents: build.query<ListEventsApiResponse, ListEventsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/events`,
        params: {
          after: queryArg.after,
          aggregate_id: queryArg.aggregateId,
          event_type: queryArg.eventType,
          limit: queryArg.limit,
          cursor: queryArg.cursor,
        },
      }),
    }),
    streamEvents: build.query<StreamEventsApiResponse, StreamEventsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/events/stream`,
        params: {
          after: queryArg.after,
        },
      }),
    }),
    verifyEvents: build.mutation<VerifyEventsApiResponse, VerifyEventsApiArg>({
      query: () => ({ url: `/api/v1/events/verify`, method: "POST" }),
    }),
    exportEverything: build.query<
      ExportEverythingApiResponse,
      ExportEverythingApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/exports/archive`,
        params: {
          files: queryArg.files,
        },
      }),
    }),
    getFeed: build.query<GetFeedApiResponse, GetFeedApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/feed`,
        params: {
          after: queryArg.after,
          limit: queryArg.limit,
          cursor: queryArg.cursor,
        },
      }),
    }),
    listFiles: build.query<ListFilesApiResponse, ListFilesApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/files`,
        params: {
          limit: queryArg.limit,
          cursor: queryArg.cursor,
        },
      }),
    }),
    uploadFile: build.mutation<UploadFileApiResponse, UploadFileApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/files`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    deleteFile: build.mutation<DeleteFileApiResponse, DeleteFileApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/files/${queryArg.id}`,
        method: "DELETE",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    getFile: build.query<GetFileApiResponse, GetFileApiArg>({
      query: (queryArg) => ({ url: `/api/v1/files/${queryArg.id}` }),
    }),
    getFileContent: build.query<
      GetFileContentApiResponse,
      GetFileContentApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/files/${queryArg.id}/content`,
        headers: {
          Range: queryArg.range,
        },
      }),
    }),
    listGroups: build.query<ListGroupsApiResponse, ListGroupsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/groups`,
        params: {
          limit: queryArg.limit,
          cursor: queryArg.cursor,
        },
      }),
    }),
    createGroup: build.mutation<CreateGroupApiResponse, CreateGroupApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/groups`,
        method: "POST",
        body: queryArg.createGroup,
      }),
    }),
    deleteGroup: build.mutation<DeleteGroupApiResponse, DeleteGroupApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/groups/${queryArg.id}`,
        method: "DELETE",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    getGroup: build.query<GetGroupApiResponse, GetGroupApiArg>({
      query: (queryArg) => ({ url: `/api/v1/groups/${queryArg.id}` }),
    }),
    updateGroup: build.mutation<UpdateGroupApiResponse, UpdateGroupApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/groups/${queryArg.id}`,
        method: "PATCH",
        body: queryArg.updateGroup,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    listMembers: build.query<ListMembersApiResponse, ListMembersApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/groups/${queryArg.id}/members`,
        params: {
          limit: queryArg.limit,
          cursor: queryArg.cursor,
        },
      }),
    }),
    addMember: build.mutation<AddMemberApiResponse, AddMemberApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/groups/${queryArg.id}/members`,
        method: "POST",
        body: queryArg.addMember,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    removeMember: build.mutation<RemoveMemberApiResponse, RemoveMemberApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/groups/${queryArg.id}/members/${queryArg.userId}`,
        method: "DELETE",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    startImport: build.mutation<StartImportApiResponse, StartImportApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/imports`,
        method: "POST",
        body: queryArg.startImport,
      }),
    }),
    listJobs: build.query<ListJobsApiResponse, ListJobsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/jobs`,
        params: {
          limit: queryArg.limit,
          cursor: queryArg.cursor,
        },
      }),
    }),
    getJob: build.query<GetJobApiResponse, GetJobApiArg>({
      query: (queryArg) => ({ url: `/api/v1/jobs/${queryArg.id}` }),
    }),
    cancelJob: build.mutation<CancelJobApiResponse, CancelJobApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/jobs/${queryArg.id}/cancel`,
        method: "POST",
      }),
    }),
    streamJob: build.query<StreamJobApiResponse, StreamJobApiArg>({
      query: (queryArg) => ({ url: `/api/v1/jobs/${queryArg.id}/stream` }),
    }),
    listKnowledgeBases: build.query<
      ListKnowledgeBasesApiResponse,
      ListKnowledgeBasesApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/knowledge-bases`,
        params: {
          tag: queryArg.tag,
          limit: queryArg.limit,
          cursor: queryArg.cursor,
        },
      }),
    }),
    createKnowledgeBase: build.mutation<
      CreateKnowledgeBaseApiResponse,
      CreateKnowledgeBaseApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/knowledge-bases`,
        method: "POST",
        body: queryArg.createKnowledgeBase,
      }),
    }),
    deleteKnowledgeBase: build.mutation<
      DeleteKnowledgeBaseApiResponse,
      DeleteKnowledgeBaseApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/knowledge-bases/${queryArg.id}`,
        method: "DELETE",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    getKnowledgeBase: build.query<
      GetKnowledgeBaseApiResponse,
      GetKnowledgeBaseApiArg
    >({
      query: (queryArg) => ({ url: `/api/v1/knowledge-bases/${queryArg.id}` }),
    }),
    updateKnowledgeBase: build.mutation<
      UpdateKnowledgeBaseApiResponse,
      UpdateKnowledgeBaseApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/knowledge-bases/${queryArg.id}`,
        method: "PATCH",
        body: queryArg.updateKnowledgeBase,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    listDocuments: build.query<ListDocumentsApiResponse, ListDocumentsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/knowledge-bases/${queryArg.id}/documents`,
        params: {
          status: queryArg.status,
          limit: queryArg.limit,
          cursor: queryArg.cursor,
        },
      }),
    }),
    addDocument: build.mutation<AddDocumentApiResponse, AddDocumentApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/knowledge-bases/${queryArg.id}/documents`,
        method: "POST",
        body: queryArg.body,
      }),
    }),
    searchKnowledge: build.mutation<
      SearchKnowledgeApiResponse,
      SearchKnowledgeApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/knowledge/search`,
        method: "POST",
        body: queryArg.searchKnowledge,
      }),
    }),
    getMessage: build.query<GetMessageApiResponse, GetMessageApiArg>({
      query: (queryArg) => ({ url: `/api/v1/messages/${queryArg.id}` }),
    }),
    editMessage: build.mutation<EditMessageApiResponse, EditMessageApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/messages/${queryArg.id}/edit`,
        method: "POST",
        body: queryArg.editMessage,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    giveFeedback: build.mutation<GiveFeedbackApiResponse, GiveFeedbackApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/messages/${queryArg.id}/feedback`,
        method: "PUT",
        body: queryArg.giveFeedback,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    regenerateAnswer: build.mutation<
      RegenerateAnswerApiResponse,
      RegenerateAnswerApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/messages/${queryArg.id}/regenerate`,
        method: "POST",
        body: queryArg.regenerateAnswer,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    listModels: build.query<ListModelsApiResponse, ListModelsApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/models`,
        params: {
          include_disabled: queryArg.includeDisabled,
        },
      }),
    }),
    listProjections: build.query<
      ListProjectionsApiResponse,
      ListProjectionsApiArg
    >({
      query: () => ({ url: `/api/v1/projections` }),
    }),
    listParked: build.query<ListParkedApiResponse, ListParkedApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/projections/${queryArg.name}/parked`,
      }),
    }),
    retryParked: build.mutation<RetryParkedApiResponse, RetryParkedApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/projections/${queryArg.name}/parked/${queryArg.aggregateId}/retry`,
        method: "POST",
      }),
    }),
    rebuildProjection: build.mutation<
      RebuildProjectionApiResponse,
      RebuildProjectionApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/projections/${queryArg.name}/rebuild`,
        method: "POST",
      }),
    }),
    listProviders: build.query<ListProvidersApiResponse, ListProvidersApiArg>({
      query: () => ({ url: `/api/v1/providers` }),
    }),
    createProvider: build.mutation<
      CreateProviderApiResponse,
      CreateProviderApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/providers`,
        method: "POST",
        body: queryArg.createProvider,
      }),
    }),
    listLocalServers: build.query<
      ListLocalServersApiResponse,
      ListLocalServersApiArg
    >({
      query: () => ({ url: `/api/v1/providers/local` }),
    }),
    deleteProvider: build.mutation<
      DeleteProviderApiResponse,
      DeleteProviderApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/providers/${queryArg.id}`,
        method: "DELETE",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    getProvider: build.query<GetProviderApiResponse, GetProviderApiArg>({
      query: (queryArg) => ({ url: `/api/v1/providers/${queryArg.id}` }),
    }),
    updateProvider: build.mutation<
      UpdateProviderApiResponse,
      UpdateProviderApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/providers/${queryArg.id}`,
        method: "PATCH",
        body: queryArg.updateProvider,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    refreshProvider: build.mutation<
      RefreshProviderApiResponse,
      RefreshProviderApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/providers/${queryArg.id}/refresh`,
        method: "POST",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    testProvider: build.mutation<TestProviderApiResponse, TestProviderApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/providers/${queryArg.id}/test`,
        method: "POST",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    getResponse: build.query<GetResponseApiResponse, GetResponseApiArg>({
      query: (queryArg) => ({ url: `/api/v1/responses/${queryArg.id}` }),
    }),
    cancelResponse: build.mutation<
      CancelResponseApiResponse,
      CancelResponseApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/responses/${queryArg.id}/cancel`,
        method: "POST",
      }),
    }),
    getPrompt: build.query<GetPromptApiResponse, GetPromptApiArg>({
      query: (queryArg) => ({ url: `/api/v1/responses/${queryArg.id}/prompt` }),
    }),
    streamResponse: build.query<
      StreamResponseApiResponse,
      StreamResponseApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/responses/${queryArg.id}/stream`,
        params: {
          after: queryArg.after,
        },
      }),
    }),
    search: build.query<SearchApiResponse, SearchApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/search`,
        params: {
          q: queryArg.q,
          kind: queryArg.kind,
          conversation_id: queryArg.conversationId,
          knowledge_base_id: queryArg.knowledgeBaseId,
          role: queryArg.role,
          since: queryArg.since,
          until: queryArg.until,
          mode: queryArg.mode,
          facets: queryArg.facets,
          limit: queryArg.limit,
          cursor: queryArg.cursor,
        },
      }),
    }),
    getSettings: build.query<GetSettingsApiResponse, GetSettingsApiArg>({
      query: () => ({ url: `/api/v1/settings` }),
    }),
    updateSettings: build.mutation<
      UpdateSettingsApiResponse,
      UpdateSettingsApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/settings`,
        method: "PATCH",
        body: queryArg.updateSettings,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    getSetup: build.query<GetSetupApiResponse, GetSetupApiArg>({
      query: () => ({ url: `/api/v1/setup` }),
    }),
    setUp: build.mutation<SetUpApiResponse, SetUpApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/setup`,
        method: "POST",
        body: queryArg.setup,
      }),
    }),
    listUsers: build.query<ListUsersApiResponse, ListUsersApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users`,
        params: {
          q: queryArg.q,
          sort: queryArg.sort,
          limit: queryArg.limit,
          cursor: queryArg.cursor,
        },
      }),
    }),
    createUser: build.mutation<CreateUserApiResponse, CreateUserApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users`,
        method: "POST",
        body: queryArg.createUser,
      }),
    }),
    getMe: build.query<GetMeApiResponse, GetMeApiArg>({
      query: () => ({ url: `/api/v1/users/me` }),
    }),
    updateMe: build.mutation<UpdateMeApiResponse, UpdateMeApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me`,
        method: "PATCH",
        body: queryArg.updateMe,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    changeEmail: build.mutation<ChangeEmailApiResponse, ChangeEmailApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/me/email`,
        method: "PUT",
        body: queryArg.changeEmail,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    changePassword: build.mutation<
      ChangePasswordApiResponse,
      ChangePasswordApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/password`,
        method: "PUT",
        body: queryArg.changePassword,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    getPreferences: build.query<
      GetPreferencesApiResponse,
      GetPreferencesApiArg
    >({
      query: () => ({ url: `/api/v1/users/me/preferences` }),
    }),
    updatePreferences: build.mutation<
      UpdatePreferencesApiResponse,
      UpdatePreferencesApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/me/preferences`,
        method: "PATCH",
        body: queryArg.updatePreferences,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    deleteUser: build.mutation<DeleteUserApiResponse, DeleteUserApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${queryArg.id}`,
        method: "DELETE",
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    getUser: build.query<GetUserApiResponse, GetUserApiArg>({
      query: (queryArg) => ({ url: `/api/v1/users/${queryArg.id}` }),
    }),
    updateUser: build.mutation<UpdateUserApiResponse, UpdateUserApiArg>({
      query: (queryArg) => ({
        url: `/api/v1/users/${queryArg.id}`,
        method: "PATCH",
        body: queryArg.updateUser,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
    resetPassword: build.mutation<
      ResetPasswordApiResponse,
      ResetPasswordApiArg
    >({
      query: (queryArg) => ({
        url: `/api/v1/users/${queryArg.id}/password`,
        method: "PUT",
        body: queryArg.resetPassword,
        headers: {
          "If-Match": queryArg["If-Match"],
        },
      }),
    }),
  }),
  overrideExisting: false,
});
export { injectedRtkApi as generatedApi };
export type GetAssistantUsageApiResponse =
  /** status 200 The counts of each assistant, and the range of days. */ UsageList;
export type GetAssistantUsageApiArg = {
  /** The first day in UTC; 29 days before `until` by default. */
  from?: string;
  /** The last day in UTC, at most 730 days after `from`; today by default. */
  until?: string;
};
export type GetModelUsageApiResponse =
  /** status 200 The counts of each model, and the range of days. */ UsageList;
export type GetModelUsageApiArg = {
  /** The first day in UTC; 29 days before `until` by default. */
  from?: string;
  /** The last day in UTC, at most 730 days after `from`; today by default. */
  until?: string;
};
export type GetOverviewApiResponse =
  /** status 200 The totals of the installation and the load of the node. */ Overview;
export type GetOverviewApiArg = void;
export type GetUsageApiResponse =
  /** status 200 One entry for each day, model, assistant or user, and the range of days. */ UsageList;
export type GetUsageApiArg = {
  /** What the counts are grouped by; `day` by default. */
  by?: UsageBy;
  /** The first day in UTC; 29 days before `until` by default. */
  from?: string;
  /** The last day in UTC, at most 730 days after `from`; today by default. */
  until?: string;
};
export type ListAssistantsApiResponse =
  /** status 200 A page of assistants. */ AssistantList;
export type ListAssistantsApiArg = {
  /** The number of entries in a page, 1 to 200; 50 by default. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
};
export type CreateAssistantApiResponse =
  /** status 201 The new assistant. */ Assistant;
export type CreateAssistantApiArg = {
  /** The configuration of the new assistant. */
  createAssistant: CreateAssistant;
};
export type DeleteAssistantApiResponse = unknown;
export type DeleteAssistantApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the assistant. */
  id: string;
};
export type GetAssistantApiResponse =
  /** status 200 The assistant. */ Assistant;
export type GetAssistantApiArg = {
  /** The id of the assistant. */
  id: string;
};
export type UpdateAssistantApiResponse =
  /** status 200 The assistant after the change. */ Assistant;
export type UpdateAssistantApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the assistant. */
  id: string;
  /** The fields to change. */
  updateAssistant: UpdateAssistant;
};
export type ActivateAssistantApiResponse =
  /** status 200 The assistant, now active. */ Assistant;
export type ActivateAssistantApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the assistant. */
  id: string;
};
export type DeactivateAssistantApiResponse =
  /** status 200 The assistant, now inactive. */ Assistant;
export type DeactivateAssistantApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the assistant. */
  id: string;
};
export type DuplicateAssistantApiResponse =
  /** status 201 The copy. */ Assistant;
export type DuplicateAssistantApiArg = {
  /** The id of the assistant. */
  id: string;
};
export type GetAssistantPerformanceApiResponse =
  /** status 200 The counts and durations of the assistant's answers. */ AssistantPerformance;
export type GetAssistantPerformanceApiArg = {
  /** The id of the assistant. */
  id: string;
};
export type ListAssistantVersionsApiResponse =
  /** status 200 All versions of the assistant. */ AssistantVersionList;
export type ListAssistantVersionsApiArg = {
  /** The id of the assistant. */
  id: string;
};
export type GetAssistantVersionApiResponse =
  /** status 200 The configuration of that version. */ AssistantVersion;
export type GetAssistantVersionApiArg = {
  /** The id of the assistant. */
  id: string;
  /** The number of the version. */
  n: number;
};
export type RestoreAssistantVersionApiResponse =
  /** status 200 The assistant with the restored configuration. */ Assistant;
export type RestoreAssistantVersionApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the assistant. */
  id: string;
  /** The number of the version. */
  n: number;
};
export type LoginApiResponse =
  /** status 200 The tokens of the new session, and the user. */ TokenPair;
export type LoginApiArg = {
  /** Email and password of the user. */
  login: Login;
};
export type LogoutApiResponse = unknown;
export type LogoutApiArg = void;
export type RefreshApiResponse =
  /** status 200 The new tokens of the session, and the user. */ TokenPair;
export type RefreshApiArg = {
  /** The refresh token; an empty object if it is in the cookie. */
  refresh: Refresh;
};
export type RegisterApiResponse =
  /** status 200 The tokens of the new user's session, and the user. */ TokenPair;
export type RegisterApiArg = {
  /** Email, password and name of the new user. */
  register: Register;
};
export type EndAllSessionsApiResponse = unknown;
export type EndAllSessionsApiArg = void;
export type ListSessionsApiResponse =
  /** status 200 All sessions of the caller. */ SessionList;
export type ListSessionsApiArg = void;
export type EndSessionApiResponse = unknown;
export type EndSessionApiArg = {
  /** The id of the session. */
  id: string;
};
export type ListBackupsApiResponse =
  /** status 200 The backups, and the settings that apply to them. */ Backups;
export type ListBackupsApiArg = void;
export type CreateBackupApiResponse =
  /** status 202 The job that writes the backup. */ Job;
export type CreateBackupApiArg = void;
export type ListConversationsApiResponse =
  /** status 200 A page of conversations. */ ConversationList;
export type ListConversationsApiArg = {
  /** Only conversations whose title contains this text. */
  q?: string;
  /** True lists archived conversations instead. */
  archived?: boolean;
  /** True lists the conversations in the trash instead. */
  trashed?: boolean;
  /** Only conversations that are pinned (true) or not (false). */
  pinned?: boolean;
  /** The number of entries in a page, 1 to 200; 50 by default. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
};
export type CreateConversationApiResponse =
  /** status 201 The new conversation, with its first message and the run that answers it. */ StartedConversation;
export type CreateConversationApiArg = {
  /** Title, assistant, model and first message; all are optional. */
  createConversation: CreateConversation;
};
export type EmptyTrashApiResponse =
  /** status 202 The job that erases the conversations in the trash. */ Job;
export type EmptyTrashApiArg = void;
export type TrashConversationApiResponse = unknown;
export type TrashConversationApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the conversation. */
  id: string;
};
export type GetConversationApiResponse =
  /** status 200 The conversation. */ Conversation;
export type GetConversationApiArg = {
  /** The id of the conversation. */
  id: string;
};
export type UpdateConversationApiResponse =
  /** status 200 The conversation after the change. */ Conversation;
export type UpdateConversationApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the conversation. */
  id: string;
  /** The fields to change. */
  updateConversation: UpdateConversation;
};
export type EraseConversationApiResponse =
  /** status 202 The job that deletes the files of the conversation. */ Job;
export type EraseConversationApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the conversation. */
  id: string;
};
export type ExportConversationApiResponse =
  /** status 200 The file in the chosen format. */ Blob;
export type ExportConversationApiArg = {
  /** The id of the conversation. */
  id: string;
  /** The format of the file; `json` by default. */
  format?: ExportFormat;
};
export type ListMessagesApiResponse =
  /** status 200 A page of messages. */ MessageList;
export type ListMessagesApiArg = {
  /** The id of the conversation. */
  id: string;
  /** The message at which the path ends; the newest one by default. */
  leaf?: string;
  /** Instead of `leaf`: a message on the path, which ends at the newest message below it. */
  through?: string;
  /** The number of entries in a page, 1 to 200; 50 by default. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
};
export type PostMessageApiResponse =
  /** status 201 The message, and the run that answers it. */ Exchange;
export type PostMessageApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the conversation. */
  id: string;
  /** The text of the message, and its parent. */
  postMessage: PostMessage;
};
export type MoveReadMarkerApiResponse = unknown;
export type MoveReadMarkerApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the conversation. */
  id: string;
  /** The last message that was read. */
  moveReadMarker: MoveReadMarker;
};
export type RestoreConversationApiResponse =
  /** status 200 The restored conversation. */ Conversation;
export type RestoreConversationApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the conversation. */
  id: string;
};
export type StreamConversationApiResponse =
  /** status 200 The frames of the conversation, until the client disconnects. */ StreamFrame[];
export type StreamConversationApiArg = {
  /** The id of the conversation. */
  id: string;
  /** An event id or a position; only later events are sent. */
  after?: string;
};
export type DeleteDocumentApiResponse = unknown;
export type DeleteDocumentApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the document. */
  id: string;
};
export type GetDocumentApiResponse = /** status 200 The document. */ Document;
export type GetDocumentApiArg = {
  /** The id of the document. */
  id: string;
};
export type ListChunksApiResponse =
  /** status 200 A page of passages. */ ChunkList;
export type ListChunksApiArg = {
  /** The id of the document. */
  id: string;
  /** Starts the page a little before this passage. */
  around?: string;
  /** The number of entries in a page, 1 to 200; 50 by default. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
};
export type GetDocumentContentApiResponse =
  | /** status 200 The whole file. */ Blob
  | /** status 206 The requested range of the file. */ Blob;
export type GetDocumentContentApiArg = {
  /** The id of the document. */
  id: string;
  /** Such as `bytes=0-1023`; several ranges are answered with the whole file. */
  range?: string;
};
export type ReplaceDocumentApiResponse =
  /** status 202 The document; processing is queued. */ Document;
export type ReplaceDocumentApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the document. */
  id: string;
  /** The new file, as one part with a file name. */
  body: {
    /** The bytes, with a file name. */
    file: Blob;
  };
};
export type ReprocessDocumentApiResponse =
  /** status 202 The document; processing is queued. */ Document;
export type ReprocessDocumentApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the document. */
  id: string;
};
export type ListEventsApiResponse =
  /** status 200 A page of events. */ EventList;
export type ListEventsApiArg = {
  /** Only events after this position. */
  after?: number;
  /** Only events of this object. */
  aggregateId?: string;
  /** Only events of this type, such as `message_posted`. */
  eventType?: string;
  /** The number of entries in a page, 1 to 200; 50 by default. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
};
export type StreamEventsApiResponse =
  /** status 200 The events, until the client disconnects. */ StreamFrame[];
export type StreamEventsApiArg = {
  /** An event id or a position; only later events are sent. By default, the stream starts now. */
  after?: string;
};
export type VerifyEventsApiResponse =
  /** status 202 The job that verifies the log. */ Job;
export type VerifyEventsApiArg = void;
export type ExportEverythingApiResponse = /** status 200 The archive. */ Blob;
export type ExportEverythingApiArg = {
  /** Whether the archive contains the bytes of files; true by default. */
  files?: boolean;
};
export type GetFeedApiResponse =
  /** status 200 A page of events, or a stream of them. */ EventList;
export type GetFeedApiArg = {
  /** An event id or a position; only later events are returned. */
  after?: string;
  /** The number of entries in a page, 1 to 200; 50 by default. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
};
export type ListFilesApiResponse = /** status 200 A page of files. */ FileList;
export type ListFilesApiArg = {
  /** The number of entries in a page, 1 to 200; 50 by default. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
};
export type UploadFileApiResponse =
  | /** status 200 The file that the caller uploaded before. */ File
  | /** status 201 The new file. */ File;
export type UploadFileApiArg = {
  /** The file, as one part with a file name. */
  body: {
    /** The bytes, with a file name. */
    file: Blob;
  };
};
export type DeleteFileApiResponse = unknown;
export type DeleteFileApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the file. */
  id: string;
};
export type GetFileApiResponse =
  /** status 200 The description of the file. */ File;
export type GetFileApiArg = {
  /** The id of the file. */
  id: string;
};
export type GetFileContentApiResponse =
  | /** status 200 The whole file. */ Blob
  | /** status 206 The requested range of the file. */ Blob;
export type GetFileContentApiArg = {
  /** The id of the file. */
  id: string;
  /** Such as `bytes=0-1023`; several ranges are answered with the whole file. */
  range?: string;
};
export type ListGroupsApiResponse =
  /** status 200 A page of groups. */ GroupList;
export type ListGroupsApiArg = {
  /** The number of entries in a page, 1 to 200; 50 by default. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
};
export type CreateGroupApiResponse = /** status 201 The new group. */ Group;
export type CreateGroupApiArg = {
  /** Name and description of the new group. */
  createGroup: CreateGroup;
};
export type DeleteGroupApiResponse = unknown;
export type DeleteGroupApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the group. */
  id: string;
};
export type GetGroupApiResponse = /** status 200 The group. */ Group;
export type GetGroupApiArg = {
  /** The id of the group. */
  id: string;
};
export type UpdateGroupApiResponse =
  /** status 200 The group after the change. */ Group;
export type UpdateGroupApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the group. */
  id: string;
  /** The fields to change. */
  updateGroup: UpdateGroup;
};
export type ListMembersApiResponse =
  /** status 200 A page of members. */ MemberList;
export type ListMembersApiArg = {
  /** The id of the group. */
  id: string;
  /** The number of entries in a page, 1 to 200; 50 by default. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
};
export type AddMemberApiResponse = /** status 201 The new member. */ Member;
export type AddMemberApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the group. */
  id: string;
  /** The user to add, by id or email. */
  addMember: AddMember;
};
export type RemoveMemberApiResponse = unknown;
export type RemoveMemberApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the group. */
  id: string;
  /** The id of the user. */
  userId: string;
};
export type StartImportApiResponse =
  /** status 202 The job that imports the file. */ Job;
export type StartImportApiArg = {
  /** The uploaded file to import. */
  startImport: StartImport;
};
export type ListJobsApiResponse = /** status 200 A page of jobs. */ JobList;
export type ListJobsApiArg = {
  /** The number of entries in a page, 1 to 200; 50 by default. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
};
export type GetJobApiResponse = /** status 200 The job. */ Job;
export type GetJobApiArg = {
  /** The id of the job. */
  id: string;
};
export type CancelJobApiResponse =
  /** status 202 The job; it stops soon. */ Job;
export type CancelJobApiArg = {
  /** The id of the job. */
  id: string;
};
export type StreamJobApiResponse =
  /** status 200 The frames of the job, until it ends. */ StreamFrame[];
export type StreamJobApiArg = {
  /** The id of the job. */
  id: string;
};
export type ListKnowledgeBasesApiResponse =
  /** status 200 A page of knowledge bases. */ KnowledgeBaseList;
export type ListKnowledgeBasesApiArg = {
  /** Only knowledge bases with this tag. */
  tag?: string;
  /** The number of entries in a page, 1 to 200; 50 by default. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
};
export type CreateKnowledgeBaseApiResponse =
  /** status 201 The new knowledge base. */ KnowledgeBase;
export type CreateKnowledgeBaseApiArg = {
  /** Name and settings of the new knowledge base. */
  createKnowledgeBase: CreateKnowledgeBase;
};
export type DeleteKnowledgeBaseApiResponse = unknown;
export type DeleteKnowledgeBaseApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the knowledge base. */
  id: string;
};
export type GetKnowledgeBaseApiResponse =
  /** status 200 The knowledge base. */ KnowledgeBase;
export type GetKnowledgeBaseApiArg = {
  /** The id of the knowledge base. */
  id: string;
};
export type UpdateKnowledgeBaseApiResponse =
  /** status 200 The knowledge base after the change. */ KnowledgeBase;
export type UpdateKnowledgeBaseApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the knowledge base. */
  id: string;
  /** The fields to change. */
  updateKnowledgeBase: UpdateKnowledgeBase;
};
export type ListDocumentsApiResponse =
  /** status 200 A page of documents. */ DocumentList;
export type ListDocumentsApiArg = {
  /** The id of the knowledge base. */
  id: string;
  /** Only documents with this status: `queued`, `processing`, `ready` or `failed`. */
  status?: string;
  /** The number of entries in a page, 1 to 200; 50 by default. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
};
export type AddDocumentApiResponse =
  /** status 202 The document; processing is queued. */ Document;
export type AddDocumentApiArg = {
  /** The id of the knowledge base. */
  id: string;
  /** The file, as one part with a file name. */
  body: {
    /** The bytes, with a file name. */
    file: Blob;
  };
};
export type SearchKnowledgeApiResponse =
  /** status 200 The passages, the best one first. */ KnowledgeHits;
export type SearchKnowledgeApiArg = {
  /** The question, and where to look. */
  searchKnowledge: SearchKnowledge;
};
export type GetMessageApiResponse = /** status 200 The message. */ Message;
export type GetMessageApiArg = {
  /** The id of the message. */
  id: string;
};
export type EditMessageApiResponse =
  /** status 201 The new message, and the run that answers it. */ Exchange;
export type EditMessageApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the message. */
  id: string;
  /** The new text and its attachments. */
  editMessage: EditMessage;
};
export type GiveFeedbackApiResponse = unknown;
export type GiveFeedbackApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the message. */
  id: string;
  /** The rating; null removes it. */
  giveFeedback: GiveFeedback;
};
export type RegenerateAnswerApiResponse =
  /** status 201 The question, and the run that answers it again. */ Exchange;
export type RegenerateAnswerApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the message. */
  id: string;
  /** Another assistant or model; both are optional. */
  regenerateAnswer: RegenerateAnswer;
};
export type ListModelsApiResponse = /** status 200 All models. */ ModelList;
export type ListModelsApiArg = {
  /** True includes disabled models. Requires the admin role. */
  includeDisabled?: boolean;
};
export type ListProjectionsApiResponse =
  /** status 200 All read models. */ ProjectionList;
export type ListProjectionsApiArg = void;
export type ListParkedApiResponse =
  /** status 200 All parked objects of the read model. */ ParkedScopeList;
export type ListParkedApiArg = {
  /** The name of the read model. */
  name: string;
};
export type RetryParkedApiResponse = unknown;
export type RetryParkedApiArg = {
  /** The name of the read model. */
  name: string;
  /** The id of the parked object. */
  aggregateId: string;
};
export type RebuildProjectionApiResponse =
  /** status 202 The job that rebuilds the read model. */ Job;
export type RebuildProjectionApiArg = {
  /** The name of the read model. */
  name: string;
};
export type ListProvidersApiResponse =
  /** status 200 All providers; their API keys are never returned. */ ProviderList;
export type ListProvidersApiArg = void;
export type CreateProviderApiResponse =
  /** status 201 The new provider, and the result of the check. */ Provider;
export type CreateProviderApiArg = {
  /** Name, address and API key of the provider. */
  createProvider: CreateProvider;
};
export type ListLocalServersApiResponse =
  /** status 200 All servers that were found. */ LocalServerList;
export type ListLocalServersApiArg = void;
export type DeleteProviderApiResponse = unknown;
export type DeleteProviderApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the provider. */
  id: string;
};
export type GetProviderApiResponse =
  /** status 200 The provider; its API key is never returned. */ Provider;
export type GetProviderApiArg = {
  /** The id of the provider. */
  id: string;
};
export type UpdateProviderApiResponse =
  /** status 200 The provider after the change, and the result of the check. */ Provider;
export type UpdateProviderApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the provider. */
  id: string;
  /** The fields to change. */
  updateProvider: UpdateProvider;
};
export type RefreshProviderApiResponse =
  /** status 200 The provider, and the result of the check. */ Provider;
export type RefreshProviderApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the provider. */
  id: string;
};
export type TestProviderApiResponse =
  /** status 200 The provider, and the result of the check. */ Provider;
export type TestProviderApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the provider. */
  id: string;
};
export type GetResponseApiResponse = /** status 200 The run. */ Response;
export type GetResponseApiArg = {
  /** The id of the run. */
  id: string;
};
export type CancelResponseApiResponse =
  /** status 202 The run; it stops soon. */ Response;
export type CancelResponseApiArg = {
  /** The id of the run. */
  id: string;
};
export type GetPromptApiResponse = /** status 200 The prompt. */ Prompt;
export type GetPromptApiArg = {
  /** The id of the run. */
  id: string;
};
export type StreamResponseApiResponse =
  /** status 200 The frames of the run, until it ends. */ StreamFrame[];
export type StreamResponseApiArg = {
  /** The id of the run. */
  id: string;
  /** An event id or a position; only later events are sent. */
  after?: string;
};
export type SearchApiResponse = /** status 200 A page of hits. */ SearchPage;
export type SearchApiArg = {
  /** The words to search for, or their beginnings; 1 to 500 characters. */
  q: string;
  /** Only hits of this kind. */
  kind?: SearchKind;
  /** Only in this conversation. */
  conversationId?: string;
  /** Only in this knowledge base. */
  knowledgeBaseId?: string;
  /** Only messages that the caller wrote, or that assistants wrote. */
  role?: SearchRole;
  /** Only what was created at this time or later, to the second. */
  since?: string;
  /** Only what was created before this time, to the second. */
  until?: string;
  /** How to search; `words` by default. `hybrid` also finds passages by meaning, unless `role`, `since` or `until` is given. */
  mode?: SearchMode;
  /** Whether to count hits by kind, role and knowledge base. */
  facets?: boolean;
  /** The number of entries in a page, 1 to 200; 50 by default. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
};
export type GetSettingsApiResponse = /** status 200 The settings. */ Settings;
export type GetSettingsApiArg = void;
export type UpdateSettingsApiResponse =
  /** status 200 The settings after the change. */ Settings;
export type UpdateSettingsApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The fields to change. */
  updateSettings: UpdateSettings;
};
export type GetSetupApiResponse =
  /** status 200 Whether setup is needed. */ SetupState;
export type GetSetupApiArg = void;
export type SetUpApiResponse =
  /** status 200 The tokens of the administrator's session, and the user. */ TokenPair;
export type SetUpApiArg = {
  /** The setup token, and email, password and name of the administrator. */
  setup: Setup;
};
export type ListUsersApiResponse = /** status 200 A page of users. */ UserList;
export type ListUsersApiArg = {
  /** Only users whose name or address contains this text. */
  q?: string;
  /** The order; that of registration by default. */
  sort?: UserSort;
  /** The number of entries in a page, 1 to 200; 50 by default. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
};
export type CreateUserApiResponse = /** status 201 The new user. */ User;
export type CreateUserApiArg = {
  /** Email, password, name and role of the new user. */
  createUser: CreateUser;
};
export type GetMeApiResponse = /** status 200 The caller. */ User;
export type GetMeApiArg = void;
export type UpdateMeApiResponse =
  /** status 200 The caller after the change. */ User;
export type UpdateMeApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The fields to change. */
  updateMe: UpdateMe;
};
export type ChangeEmailApiResponse =
  /** status 200 The account with the new address. */ User;
export type ChangeEmailApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The new address and the current password. */
  changeEmail: ChangeEmail;
};
export type ChangePasswordApiResponse = unknown;
export type ChangePasswordApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The current and the new password. */
  changePassword: ChangePassword;
};
export type GetPreferencesApiResponse =
  /** status 200 The preferences. */ Preferences;
export type GetPreferencesApiArg = void;
export type UpdatePreferencesApiResponse =
  /** status 200 The preferences after the change. */ Preferences;
export type UpdatePreferencesApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The fields to change. */
  updatePreferences: UpdatePreferences;
};
export type DeleteUserApiResponse =
  /** status 202 The job that erases the user's data. */ Job;
export type DeleteUserApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the user. */
  id: string;
};
export type GetUserApiResponse = /** status 200 The user. */ User;
export type GetUserApiArg = {
  /** The id of the user. */
  id: string;
};
export type UpdateUserApiResponse =
  /** status 200 The user after the change. */ User;
export type UpdateUserApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the user. */
  id: string;
  /** The fields to change. */
  updateUser: UpdateUser;
};
export type ResetPasswordApiResponse =
  /** status 200 The generated password, if the request contains none. */ PasswordReset;
export type ResetPasswordApiArg = {
  /** The `ETag` that the object must still have; otherwise the response is 412. */
  "If-Match"?: string;
  /** The id of the user. */
  id: string;
  /** The new password; optional. */
  resetPassword: ResetPassword;
};
export type Usage = {
  cancelled: number;
  completed: number;
  /** In the currency of `models.prices`; null if none of the models has a price. */
  cost?: number | null;
  failed: number;
  input_tokens: number;
  interrupted: number;
  /** The day as YYYY-MM-DD, or the id of the model, assistant or user. */
  key: string;
  /** Time from the question to the end of a completed answer; null if there is none. */
  median_seconds?: number | null;
  /** The name of the assistant or user; null if it was deleted, and for days and models. */
  name?: string | null;
  output_tokens: number;
  p95_seconds?: number | null;
  /** Number of answers with a negative rating. */
  rated_down: number;
  /** Number of answers with a positive rating. */
  rated_up: number;
  /** Number of answers that were requested. */
  responses: number;
};
export type UsageList = {
  /** The first day. */
  from: string;
  /** Days in order; models, assistants and users by usage, the most used first. */
  items: Usage[];
  /** The last day. */
  until: string;
};
export type ProblemField = {
  code: string;
  detail: string;
  /** A JSON pointer into the body, or the name of a parameter. */
  pointer: string;
};
export type Problem = {
  /** A stable error code. */
  code: string;
  /** What failed, and what to do about it. */
  detail: string;
  /** Errors of single fields. */
  errors: ProblemField[];
  /** The requested path. */
  instance: string;
  /** The id of this request, also in `X-Request-Id`. */
  request_id: string;
  status: number;
  /** The status in words. */
  title: string;
  /** A URI that names the kind of problem. */
  type: string;
};
export type MachineLoad = {
  /** Load of all processors, 0 to 100. */
  cpu_percent: number;
  /** Memory in use. */
  memory_bytes: number;
  memory_total_bytes: number;
  /** Memory used by this server. */
  process_memory_bytes: number;
};
export type ResponseTime = {
  median_ms?: number | null;
  p95_ms?: number | null;
  /** The number of requests that were measured, at most the last 2,048. */
  requests: number;
};
export type Overview = {
  /** Number of people who were active in the last five minutes. */
  active_users: number;
  /** Number of conversations, including those in the trash. */
  conversations: number;
  /** Null if the operating system does not provide it. */
  machine?: MachineLoad | (null | null);
  messages: number;
  response_time: ResponseTime;
  /** Number of answers that are queued or being written. */
  running_responses: number;
  /** Seconds since the server started. */
  uptime_seconds: number;
  /** Number of accounts, including suspended ones. */
  users: number;
};
export type UsageBy = "day" | "model" | "assistant" | "user";
export type AssistantStatus = "draft" | "active" | "inactive" | "maintenance";
export type AssistantVisibility = "private" | "everyone";
export type Assistant = {
  /** The number of the current configuration; runs refer to it. */
  assistant_version: number;
  created_at: string;
  description: string;
  id: string;
  /** Empty if the caller may not change the assistant. */
  instructions: string;
  is_default: boolean;
  /** The knowledge bases that it uses; empty if the caller may not change the assistant. Answers only use those that the person who asks may read. */
  knowledge_base_ids: string[];
  max_output_tokens?: number | null;
  /** Null for the default model of the installation. */
  model?: string | null;
  name: string;
  /** Null for the default assistant. */
  owner_id?: string | null;
  status: AssistantStatus;
  temperature?: number | null;
  updated_at: string;
  version: number;
  visibility: AssistantVisibility;
};
export type AssistantList = {
  items: Assistant[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type CreateAssistant = {
  description?: string | null;
  /** The system prompt. */
  instructions?: string | null;
  /** At most 20 knowledge bases that the caller may read. */
  knowledge_base_ids?: string[] | null;
  max_output_tokens?: number | null;
  /** `<provider>/<model>`. */
  model?: string | null;
  name: string;
  status?: AssistantStatus | (null | null);
  /** 0 to 2. */
  temperature?: number | null;
  visibility?: AssistantVisibility | (null | null);
};
export type UpdateAssistant = {
  description?: string | null;
  instructions?: string | null;
  /** Replaces the current list. */
  knowledge_base_ids?: string[] | null;
  /** Null resets it to the default of the model at its provider. */
  max_output_tokens?: number | null;
  /** Null resets it to the default model of the installation. */
  model?: string | null;
  name?: string | null;
  status?: AssistantStatus | (null | null);
  /** 0 to 2; null resets it to the default of the model at its provider. */
  temperature?: number | null;
  visibility?: AssistantVisibility | (null | null);
};
export type AssistantPerformance = {
  cancelled: number;
  completed: number;
  failed: number;
  input_tokens: number;
  interrupted: number;
  /** Median duration of completed answers; null if there are none. */
  median_seconds?: number | null;
  output_tokens: number;
  responses: number;
};
export type AssistantVersion = {
  created_at: string;
  description: string;
  instructions: string;
  max_output_tokens?: number | null;
  model?: string | null;
  name: string;
  /** The number that runs refer to as `assistant_version`. */
  number: number;
  temperature?: number | null;
};
export type AssistantVersionList = {
  items: AssistantVersion[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type UserRole = "guest" | "user" | "manager" | "admin";
export type User = {
  created_at: string;
  display_name: string;
  /** Null for the local user before setup. */
  email?: string | null;
  id: string;
  /** When the user last used the server, to the minute; null if that was never, or more than a month ago. */
  last_active_at?: string | null;
  role: UserRole;
  suspended: boolean;
  version: number;
};
export type TokenPair = {
  access_token: string;
  /** Seconds until the access token expires. */
  expires_in: number;
  /** Null if it was set as a cookie. */
  refresh_token?: string | null;
  token_type: string;
  user: User;
};
export type Login = {
  /** True sets the refresh token as an `HttpOnly` cookie instead of returning it. */
  cookie?: boolean | null;
  email: string;
  password: string;
};
export type Refresh = {
  /** By default, the token in the cookie is used. */
  refresh_token?: string | null;
};
export type Register = {
  /** True sets the refresh token as an `HttpOnly` cookie instead of returning it. */
  cookie?: boolean | null;
  display_name: string;
  email: string;
  /** At least 8 characters, at most 1024 bytes. */
  password: string;
};
export type Session = {
  created_at: string;
  /** Whether this request belongs to the session. */
  current: boolean;
  id: string;
  used_at: string;
  user_agent?: string | null;
};
export type SessionList = {
  items: Session[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type Backup = {
  bytes: number;
  /** The hash of that position, in hex. */
  hash: string;
  made_at: string;
  /** The file name in the backup folder. */
  name: string;
  /** The last position of the log in the backup. */
  position: number;
};
export type Backups = {
  /** Hours between automatic backups; null if they are disabled. */
  every_hours?: number | null;
  /** The newest backup comes first. */
  items: Backup[];
  /** Number of backups that are kept. */
  kept: number;
  /** Days that key rings are kept. Until then, a backup can still reveal text that was erased since. The newest key ring is always kept. */
  keys_kept_days: number;
  /** When the next automatic backup is due; null if they are disabled. */
  next_at?: string | null;
  next_cursor?: string | null;
};
export type JobProgress = {
  done: number;
  /** Null until the job knows it. */
  total?: number | null;
  unit: string;
};
export type JobStatus =
  "queued" | "running" | "completed" | "failed" | "cancelled";
export type Job = {
  created_at: string;
  ended_at?: string | null;
  error?: string | null;
  id: string;
  /** `verify_events`, `rebuild_projection`, `backup`, `import`, `erase_user`, `erase_knowledge_base`, `erase_conversation`, `empty_trash` or `repeat_erasures`. */
  kind: string;
  progress: JobProgress;
  /** The result of a completed job. */
  result?: any;
  started_at?: string | null;
  status: JobStatus;
  /** The object that it works on, if its kind has one. */
  subject?: string | null;
};
export type Conversation = {
  archived: boolean;
  assistant_id: string;
  created_at: string;
  /** Whether lists, search and counts leave it out. */
  hidden: boolean;
  id: string;
  /** The product that it was imported from: `convosphere` or `chatgpt`. Null if it was started here. */
  imported_from?: string | null;
  /** The last message that the caller has read, in the order in which messages were posted. */
  last_read_message_id?: string | null;
  /** The newest message of the current path. */
  leaf_id?: string | null;
  message_count: number;
  /** Null for the model of the assistant. */
  model?: string | null;
  pinned: boolean;
  /** Null until the user names it or the first question does. */
  title?: string | null;
  trashed: boolean;
  updated_at: string;
  version: number;
};
export type ConversationList = {
  items: Conversation[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type MessageCitation = {
  /** The path on this server that opens the source. */
  location: string;
  /** The number by which the text refers to it. */
  number: number;
  /** The passage, verbatim. */
  quote: string;
  title: string;
};
export type FeedbackRating = "up" | "down";
export type MessagePartType = "text" | "reasoning";
export type MessagePart = {
  /** How long the model reasoned, in milliseconds, if that was measured. */
  duration_ms?: number | null;
  text: string;
  type: MessagePartType;
};
export type MessageRole = "user" | "assistant";
export type MessageStatus =
  "complete" | "running" | "failed" | "interrupted" | "cancelled" | "erased";
export type Message = {
  /** The ids of the attached files. */
  attachments: string[];
  citations: MessageCitation[];
  /** The text of all text parts. */
  content: string;
  conversation_id: string;
  created_at: string;
  /** The rating of an answer. */
  feedback?: FeedbackRating | (null | null);
  id: string;
  /** Null for a root message. */
  parent_id?: string | null;
  parts: MessagePart[];
  /** The run that wrote it, if it is an answer. */
  response_id?: string | null;
  role: MessageRole;
  /** All messages with the same parent, including this one, the oldest first. */
  sibling_ids: string[];
  status: MessageStatus;
  /** The author, if a person wrote it. */
  user_id?: string | null;
};
export type ModelCall = {
  /** In the currency of `models.prices`; null if the model has no price. */
  cost?: number | null;
  /** Why the call failed, if it did. */
  failure?: string | null;
  /** Milliseconds until the first token; null if there was none. */
  first_ms?: number | null;
  input_tokens: number;
  /** Request fields that were left out because the provider does not accept them. */
  left_out: string[];
  model: string;
  output_tokens: number;
  /** Milliseconds until the end. */
  took_ms: number;
};
export type ResponseFailure = {
  code: string;
  detail: string;
};
export type ResponseStatus =
  "queued" | "running" | "completed" | "failed" | "interrupted" | "cancelled";
export type ResponseUsage = {
  input_tokens: number;
  output_tokens: number;
};
export type Response = {
  assistant_id: string;
  assistant_version: number;
  /** The calls of models, once the run has ended; the last one gave the answer. */
  calls: ModelCall[];
  conversation_id: string;
  /** The cost of all calls, in the currency of `models.prices`; null if none of the models has a price. */
  cost?: number | null;
  ended_at?: string | null;
  error?: ResponseFailure | (null | null);
  /** `stop`, `length`, `tool_calls` or `content_filter`. */
  finish_reason?: string | null;
  id: string;
  /** The message of the answer, which exists from the start. */
  message_id: string;
  /** The model that answers: the requested one, or a fallback. */
  model: string;
  prompt_message_id: string;
  started_at?: string | null;
  status: ResponseStatus;
  usage?: ResponseUsage | (null | null);
};
export type StartedConversation = {
  archived: boolean;
  assistant_id: string;
  created_at: string;
  /** Whether lists, search and counts leave it out. */
  hidden: boolean;
  id: string;
  /** The product that it was imported from: `convosphere` or `chatgpt`. Null if it was started here. */
  imported_from?: string | null;
  /** The last message that the caller has read, in the order in which messages were posted. */
  last_read_message_id?: string | null;
  /** The newest message of the current path. */
  leaf_id?: string | null;
  /** The first message, if the request contained one. */
  message?: Message | (null | null);
  message_count: number;
  /** Null for the model of the assistant. */
  model?: string | null;
  pinned: boolean;
  /** The run that answers the first message. */
  response?: Response | (null | null);
  /** Null until the user names it or the first question does. */
  title?: string | null;
  trashed: boolean;
  updated_at: string;
  version: number;
};
export type FirstMessage = {
  /** At most 20 files of the caller. If there are any, `content` may be empty. */
  attachment_ids?: string[] | null;
  content: string;
};
export type CreateConversation = {
  /** The default assistant by default. */
  assistant_id?: string | null;
  /** Whether lists, search, counts and exports leave it out, as for a preview of an assistant; false by default. */
  hidden?: boolean | null;
  /** The first message, which is answered. */
  message?: FirstMessage | (null | null);
  /** By default the caller's default model if no assistant is given, otherwise the model of the assistant. */
  model?: string | null;
  /** By default, the first question becomes the title. */
  title?: string | null;
};
export type UpdateConversation = {
  archived?: boolean | null;
  assistant_id?: string | null;
  /** Null resets it to the model of the assistant. */
  model?: string | null;
  pinned?: boolean | null;
  title?: string | null;
};
export type ExportFormat = "json" | "markdown" | "html" | "pdf";
export type MessageList = {
  items: Message[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type Exchange = {
  /** The posted message; for a regenerated answer, the message of the new answer. */
  message: Message;
  /** The run that writes the answer, if one was requested. */
  response?: Response | (null | null);
};
export type PostMessage = {
  /** The assistant of the conversation by default. */
  assistant_id?: string | null;
  /** At most 20 files of the caller. If there are any, `content` may be empty. */
  attachment_ids?: string[] | null;
  content: string;
  /** By default the model of the conversation, or else of the assistant. */
  model?: string | null;
  /** The parent message; by default the newest message of the path, null for a new root. */
  parent_id?: string | null;
  /** Whether to request an answer; true by default. */
  respond?: boolean | null;
};
export type MoveReadMarker = {
  /** The last message that was read. */
  message_id: string;
};
export type StreamFrame = {
  data: any;
  /** The id for `Last-Event-ID`; only on durable frames. */
  id?: string | null;
  type: string;
};
export type DocumentFailure = {
  /** `unsupported_type`, `unreadable`, `encrypted`, `no_text`, `too_large`, `timeout`, `file_missing` or `internal`. */
  code: string;
  detail: string;
};
export type LeftOut = {
  /** Number of occurrences, if they can be counted. In a long list, the last entry of a kind counts all the others. */
  count?: number | null;
  /** `unreadable_page`, `incomplete_page`, `page_without_text`, `embedded_file`, `hidden_sheet`, `hidden_cells`, `unknown_characters`, `struck_text` or `hidden_text`. */
  kind: string;
  /** The page, slide or sheet, from 1; null if it concerns the whole document. */
  page?: number | null;
};
export type DocumentStatus = "queued" | "processing" | "ready" | "failed";
export type Document = {
  added_by: string;
  /** How often processing was started. */
  attempt: number;
  characters: number;
  chunks: number;
  created_at: string;
  /** Why embedding failed, if it did. It is retried; meanwhile, keyword search finds the chunks. */
  embedding_error?: string | null;
  /** The embedding model, once all chunks have a vector of it; null if no model is configured. */
  embedding_model?: string | null;
  /** Why processing failed, if it did. */
  error?: DocumentFailure | (null | null);
  id: string;
  knowledge_base_id: string;
  /** Parts of the document that its chunks do not contain, such as unreadable pages. */
  left_out: LeftOut[];
  media_type: string;
  name: string;
  /** Number of pages, slides or sheets, if the format has them. */
  pages?: number | null;
  /** Size in bytes. */
  size: number;
  status: DocumentStatus;
  updated_at: string;
  version: number;
};
export type Chunk = {
  /** The headings above it, the outermost first. */
  headings: string[];
  id: string;
  /** Its position in the document, from 0. */
  number: number;
  /** The page, slide or sheet on which it starts, from 1. */
  page?: number | null;
  /** The name of that page, such as the name of a sheet. */
  page_name?: string | null;
  text: string;
};
export type ChunkList = {
  items: Chunk[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type Event = {
  aggregate_id: string;
  aggregate_type: string;
  event_id: string;
  event_type: string;
  event_version: number;
  /** SHA-256 of the chain up to this event, in hex. */
  hash: string;
  metadata: any;
  /** The fields of the event; personal text is encrypted, except in the feed. */
  payload: any;
  position: number;
  recorded_at: string;
  /** The number of the event within its object. */
  sequence: number;
};
export type EventList = {
  items: Event[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type File = {
  created_at: string;
  id: string;
  /** The type, detected from the content, such as `application/pdf`. */
  media_type: string;
  name: string;
  /** SHA-256 of the content, in hex. */
  sha256: string;
  /** Size in bytes. */
  size: number;
  /** Why its text could not be read for an answer; null if it was read, or not needed yet. Always null in lists. */
  unread_reason?: string | null;
  version: number;
};
export type FileList = {
  items: File[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type Group = {
  created_at: string;
  description: string;
  id: string;
  /** Whether the caller is a member. */
  member: boolean;
  /** Number of members. */
  members: number;
  name: string;
  updated_at: string;
  version: number;
};
export type GroupList = {
  items: Group[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type CreateGroup = {
  description?: string | null;
  name: string;
};
export type UpdateGroup = {
  description?: string | null;
  name?: string | null;
};
export type Member = {
  added_at: string;
  display_name: string;
  /** Shown to managers and administrators only. */
  email?: string | null;
  role: UserRole;
  user_id: string;
};
export type MemberList = {
  items: Member[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type AddMember = {
  email?: string | null;
  user_id?: string | null;
};
export type StartImport = {
  /** A file that the caller has uploaded: a conversation exported as JSON, an archive from `exports/archive`, or the ZIP file or `conversations.json` of a `ChatGPT` export. */
  file_id: string;
};
export type JobList = {
  items: Job[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type KnowledgeVisibility = "private" | "groups" | "everyone";
export type KnowledgeBase = {
  /** Number of the caller's assistants that use it. */
  assistants: number;
  /** Number of tokens that a passage shares with the next one. */
  chunk_overlap: number;
  /** Maximum number of tokens in a passage. */
  chunk_tokens: number;
  created_at: string;
  description: string;
  /** Number of documents. */
  documents: number;
  /** The groups whose members may read it, if its visibility is `groups`. */
  group_ids: string[];
  id: string;
  name: string;
  owner_id: string;
  tags: string[];
  updated_at: string;
  version: number;
  /** `private`, `groups` or `everyone`. */
  visibility: KnowledgeVisibility;
};
export type KnowledgeBaseList = {
  items: KnowledgeBase[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type CreateKnowledgeBase = {
  /** At most half of `chunk_tokens`; by default 50, or half of `chunk_tokens` if that is less. */
  chunk_overlap?: number | null;
  /** 50 to 4,000; 500 by default. */
  chunk_tokens?: number | null;
  description?: string | null;
  /** For `groups`: 1 to 100 groups that the caller can see. */
  group_ids?: string[] | null;
  name: string;
  /** At most 20 tags. */
  tags?: string[] | null;
  /** `private` by default, or `groups` if `group_ids` is sent. */
  visibility?: KnowledgeVisibility | (null | null);
};
export type UpdateKnowledgeBase = {
  chunk_overlap?: number | null;
  /** Applies to documents that are processed after the change. */
  chunk_tokens?: number | null;
  description?: string | null;
  /** For `groups`: 1 to 100 groups that the caller can see. */
  group_ids?: string[] | null;
  name?: string | null;
  tags?: string[] | null;
  /** Unchanged if neither this nor `group_ids` is sent. */
  visibility?: KnowledgeVisibility | (null | null);
};
export type DocumentList = {
  items: Document[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type KnowledgeHit = {
  chunk: Chunk;
  document_id: string;
  document_name: string;
  knowledge_base_id: string;
  /** Higher is better; comparable only within one result. */
  score: number;
};
export type KnowledgeHits = {
  /** Whether the search also used the meaning of the question, not only its words. */
  by_meaning: boolean;
  /** The best passage comes first. */
  items: KnowledgeHit[];
};
export type SearchKnowledge = {
  /** All knowledge bases that the caller may read by default. */
  knowledge_base_ids?: string[] | null;
  /** 1 to 50; 10 by default. */
  limit?: number | null;
  /** A question or words, 1 to 2,000 characters. */
  query: string;
};
export type EditMessage = {
  /** The attachments of the original message by default. */
  attachment_ids?: string[] | null;
  content: string;
};
export type GiveFeedback = {
  /** Null removes the rating. */
  rating?: FeedbackRating | (null | null);
};
export type RegenerateAnswer = {
  /** The assistant of the conversation by default. */
  assistant_id?: string | null;
  /** By default the model of the conversation, or else of the assistant. */
  model?: string | null;
};
export type Model = {
  /** Whether it is built into the server and needs no network. */
  built_in: boolean;
  /** Whether it can answer, as far as that is known. Models for embedding, speech, images or moderation cannot. */
  chat: boolean;
  /** The context window in tokens, if it is known. */
  context_window?: number | null;
  /** Whether it is the default model. */
  default: boolean;
  /** Whether it turns texts into vectors and cannot answer; null if that is unknown. */
  embedding?: boolean | null;
  /** Whether it may be used. Only administrators see disabled models, if they request them. */
  enabled: boolean;
  /** `<provider>/<model>`. */
  id: string;
  /** The maximum number of output tokens, if it is known. */
  max_output_tokens?: number | null;
  name: string;
  provider: string;
  /** Whether it reasons before it answers; null if that is unknown. */
  reasoning?: boolean | null;
  /** Whether it reads images, as its provider reports or as models of its name do; null if that is unknown. */
  vision?: boolean | null;
};
export type ModelList = {
  items: Model[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type Projection = {
  /** Number of events that it has not processed yet. */
  lag: number;
  name: string;
  /** Number of objects whose events it could not apply. */
  parked: number;
  position: number;
  version: number;
};
export type ProjectionList = {
  items: Projection[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type ParkedScope = {
  aggregate_id: string;
  error: string;
  /** The position of the first event that could not be applied. */
  position: number;
};
export type ParkedScopeList = {
  items: ParkedScope[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type ProviderHealth = "ok" | "unreachable" | "unknown";
export type ProviderKind = "openai_compatible" | "anthropic" | "gemini";
export type Provider = {
  base_url: string;
  checked_at?: string | null;
  created_at: string;
  /** Models that an administrator has disabled, whether or not the provider lists them. */
  disabled_models: string[];
  /** Why the check failed: `no_connection`, `name_not_found`, `private_address`, `unauthorized`, `not_understood` or `timeout`. A healthy provider has `not_understood` if it lists no models and an administrator has added some. */
  fault?: string | null;
  has_api_key: boolean;
  health: ProviderHealth;
  id: string;
  kind: ProviderKind;
  /** Models that an administrator has added, whether or not the provider lists them. */
  models: string[];
  /** The name, which is the first part of the ids of its models. */
  name: string;
  updated_at: string;
  version: number;
};
export type ProviderList = {
  items: Provider[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type CreateProvider = {
  api_key?: string | null;
  /** Such as <https://api.openai.com/v1>, <https://api.anthropic.com/v1> or <https://generativelanguage.googleapis.com/v1beta>. */
  base_url: string;
  kind: ProviderKind;
  /** Models that are offered whether or not the provider lists them, by their names at the provider. */
  models?: string[] | null;
  /** 1 to 40 characters of a-z, 0-9 and -; cannot be changed later. */
  name: string;
};
export type LocalServer = {
  base_url: string;
  /** A suggested name for the provider. */
  name: string;
};
export type LocalServerList = {
  items: LocalServer[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type UpdateProvider = {
  /** Required if `base_url` changes; null removes the key. */
  api_key?: string | null;
  base_url?: string | null;
  /** Replaces the models that were disabled before, at most 1000, by their names at the provider. Nobody can choose or use a disabled model. Does not require `api_key`. */
  disabled_models?: string[] | null;
  /** Replaces the models that were added before; does not require `api_key`. */
  models?: string[] | null;
};
export type PromptMessage = {
  content: string;
  /** Null for instructions and knowledge. */
  message_id?: string | null;
  /** `system`, `user` or `assistant`. */
  role: string;
};
export type Prompt = {
  /** Whether earlier messages were left out because of the context window of the model. */
  left_out: boolean;
  max_output_tokens?: number | null;
  /** The messages in the order in which they were sent. */
  messages: PromptMessage[];
  model: string;
  response_id: string;
  temperature?: number | null;
};
export type FacetCount = {
  count: number;
  /** The name, if the value is an id. */
  name?: string | null;
  value: string;
};
export type Facets = {
  /** Counts of all kinds, whatever `kind` the search is limited to. */
  kind: FacetCount[];
  knowledge_base_id: FacetCount[];
  role: FacetCount[];
};
export type Fragment = {
  matched: boolean;
  text: string;
};
export type SearchKind =
  "message" | "conversation" | "assistant" | "document" | "passage";
export type SearchHit = {
  /** For conversations and messages. */
  conversation_id?: string | null;
  created_at: string;
  /** For documents and passages. */
  document_id?: string | null;
  /** The text around the first match. */
  fragments: Fragment[];
  /** The id of the object of this kind. */
  id: string;
  kind: SearchKind;
  knowledge_base_id?: string | null;
  /** The author of the message: `user` or `assistant`. */
  role?: string | null;
  /** The title of the conversation, or the name of the document or assistant. */
  title?: string | null;
};
export type SearchPage = {
  /** Whether the search also used the meaning, not only the words. */
  by_meaning: boolean;
  /** Present if they were requested. */
  facets?: Facets | (null | null);
  /** The best hit comes first. */
  items: SearchHit[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type SearchRole = "user" | "assistant";
export type SearchMode = "words" | "hybrid";
export type DefaultModelSource =
  "configuration" | "administrator" | "automatic" | "built_in";
export type Settings = {
  /** The default model. */
  default_model: string;
  default_model_source: DefaultModelSource;
  version: number;
};
export type UpdateSettings = {
  /** The default model; null chooses one automatically. */
  default_model?: string | null;
};
export type SetupState = {
  /** Whether there is no administrator yet. */
  needed: boolean;
  /** Whether people can create an account themselves; not before the setup is complete. */
  registration_open: boolean;
};
export type Setup = {
  /** True sets the refresh token as an `HttpOnly` cookie instead of returning it. */
  cookie?: boolean | null;
  display_name: string;
  email: string;
  /** At least 8 characters, at most 1024 bytes. */
  password: string;
  /** The token in the link that the server prints at its start. */
  token: string;
};
export type UserList = {
  items: User[];
  /** Continues the list; null on the last page. */
  next_cursor?: string | null;
};
export type UserSort = "created_at" | "name" | "last_active_at";
export type CreateUser = {
  display_name: string;
  email: string;
  /** At least 8 characters, at most 1024 bytes. */
  password: string;
  role: UserRole;
};
export type UpdateMe = {
  display_name: string;
};
export type ChangeEmail = {
  current_password: string;
  email: string;
};
export type ChangePassword = {
  current_password: string;
  /** At least 8 characters, at most 1024 bytes. */
  new_password: string;
};
export type Language = "ar" | "de" | "en";
export type Theme = "system" | "light" | "dark";
export type Preferences = {
  /** The model of new conversations for which neither an assistant nor a model is chosen. Null for the model of the default assistant, and while the chosen model does not exist or is disabled. */
  default_model?: string | null;
  /** Models to show first, in this order. They need not exist any more. */
  favorite_models: string[];
  /** Null for the language of the device. */
  language?: Language | (null | null);
  /** Whether clients may show a notification when an answer is complete and the page is not visible. */
  notify_answers: boolean;
  /** Whether Enter sends a message; otherwise it starts a new line. */
  send_on_enter: boolean;
  theme: Theme;
  /** The version of the account, for If-Match. */
  version: number;
};
export type UpdatePreferences = {
  /** Null resets it to the model of the default assistant. */
  default_model?: string | null;
  /** Replaces the favourite models, at most 100. */
  favorite_models?: string[] | null;
  /** Null resets it to the language of the device. */
  language?: Language | (null | null);
  notify_answers?: boolean | null;
  send_on_enter?: boolean | null;
  theme?: Theme | (null | null);
};
export type UpdateUser = {
  display_name?: string | null;
  /** The user signs in with the new address from then on. */
  email?: string | null;
  role?: UserRole | (null | null);
  suspended?: boolean | null;
};
export type PasswordReset = {
  /** The generated password, which cannot be read again; null if the request contained one. */
  generated_password?: string | null;
};
export type ResetPassword = {
  /** At least 8 characters, at most 1024 bytes; generated by default. */
  new_password?: string | null;
};
