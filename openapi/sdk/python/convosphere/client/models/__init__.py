"""Contains all the data models used in inputs/outputs"""

from .add_document_body import AddDocumentBody
from .add_member import AddMember
from .assistant import Assistant
from .assistant_performance import AssistantPerformance
from .assistant_status import AssistantStatus
from .assistant_version import AssistantVersion
from .assistant_visibility import AssistantVisibility
from .backup import Backup
from .backups import Backups
from .change_password import ChangePassword
from .chunk import Chunk
from .conversation import Conversation
from .create_assistant import CreateAssistant
from .create_conversation import CreateConversation
from .create_group import CreateGroup
from .create_knowledge_base import CreateKnowledgeBase
from .create_provider import CreateProvider
from .create_user import CreateUser
from .default_model_source import DefaultModelSource
from .document import Document
from .document_failure import DocumentFailure
from .edit_message import EditMessage
from .event import Event
from .exchange import Exchange
from .export_format import ExportFormat
from .facet_count import FacetCount
from .facets import Facets
from .feedback_rating import FeedbackRating
from .file import File
from .fragment import Fragment
from .give_feedback import GiveFeedback
from .group import Group
from .job import Job
from .job_progress import JobProgress
from .knowledge_base import KnowledgeBase
from .knowledge_hit import KnowledgeHit
from .knowledge_hits import KnowledgeHits
from .knowledge_visibility import KnowledgeVisibility
from .language import Language
from .left_out import LeftOut
from .list_assistant import ListAssistant
from .list_assistant_version import ListAssistantVersion
from .list_chunk import ListChunk
from .list_conversation import ListConversation
from .list_document import ListDocument
from .list_event import ListEvent
from .list_file import ListFile
from .list_group import ListGroup
from .list_job import ListJob
from .list_knowledge_base import ListKnowledgeBase
from .list_local_server import ListLocalServer
from .list_member import ListMember
from .list_message import ListMessage
from .list_model import ListModel
from .list_parked_scope import ListParkedScope
from .list_projection import ListProjection
from .list_provider import ListProvider
from .list_session import ListSession
from .list_user import ListUser
from .local_server import LocalServer
from .login import Login
from .machine_load import MachineLoad
from .member import Member
from .message import Message
from .message_citation import MessageCitation
from .message_part import MessagePart
from .message_part_type import MessagePartType
from .model import Model
from .model_call import ModelCall
from .move_read_marker import MoveReadMarker
from .overview import Overview
from .parked_scope import ParkedScope
from .post_message import PostMessage
from .preferences import Preferences
from .problem import Problem
from .problem_field import ProblemField
from .projection import Projection
from .prompt import Prompt
from .prompt_message import PromptMessage
from .provider import Provider
from .provider_health import ProviderHealth
from .provider_kind import ProviderKind
from .refresh import Refresh
from .regenerate_answer import RegenerateAnswer
from .register import Register
from .replace_document_body import ReplaceDocumentBody
from .response import Response
from .response_failure import ResponseFailure
from .response_time import ResponseTime
from .response_usage import ResponseUsage
from .search_hit import SearchHit
from .search_kind import SearchKind
from .search_knowledge import SearchKnowledge
from .search_mode import SearchMode
from .search_page import SearchPage
from .search_role import SearchRole
from .session import Session
from .settings import Settings
from .setup import Setup
from .setup_state import SetupState
from .start_import import StartImport
from .stream_frame import StreamFrame
from .theme import Theme
from .token_pair import TokenPair
from .update_assistant import UpdateAssistant
from .update_conversation import UpdateConversation
from .update_group import UpdateGroup
from .update_knowledge_base import UpdateKnowledgeBase
from .update_me import UpdateMe
from .update_preferences import UpdatePreferences
from .update_provider import UpdateProvider
from .update_settings import UpdateSettings
from .update_user import UpdateUser
from .upload_file_body import UploadFileBody
from .usage import Usage
from .usage_by import UsageBy
from .usage_list import UsageList
from .user import User
from .user_role import UserRole

__all__ = (
    "AddDocumentBody",
    "AddMember",
    "Assistant",
    "AssistantPerformance",
    "AssistantStatus",
    "AssistantVersion",
    "AssistantVisibility",
    "Backup",
    "Backups",
    "ChangePassword",
    "Chunk",
    "Conversation",
    "CreateAssistant",
    "CreateConversation",
    "CreateGroup",
    "CreateKnowledgeBase",
    "CreateProvider",
    "CreateUser",
    "DefaultModelSource",
    "Document",
    "DocumentFailure",
    "EditMessage",
    "Event",
    "Exchange",
    "ExportFormat",
    "FacetCount",
    "Facets",
    "FeedbackRating",
    "File",
    "Fragment",
    "GiveFeedback",
    "Group",
    "Job",
    "JobProgress",
    "KnowledgeBase",
    "KnowledgeHit",
    "KnowledgeHits",
    "KnowledgeVisibility",
    "Language",
    "LeftOut",
    "ListAssistant",
    "ListAssistantVersion",
    "ListChunk",
    "ListConversation",
    "ListDocument",
    "ListEvent",
    "ListFile",
    "ListGroup",
    "ListJob",
    "ListKnowledgeBase",
    "ListLocalServer",
    "ListMember",
    "ListMessage",
    "ListModel",
    "ListParkedScope",
    "ListProjection",
    "ListProvider",
    "ListSession",
    "ListUser",
    "LocalServer",
    "Login",
    "MachineLoad",
    "Member",
    "Message",
    "MessageCitation",
    "MessagePart",
    "MessagePartType",
    "Model",
    "ModelCall",
    "MoveReadMarker",
    "Overview",
    "ParkedScope",
    "PostMessage",
    "Preferences",
    "Problem",
    "ProblemField",
    "Projection",
    "Prompt",
    "PromptMessage",
    "Provider",
    "ProviderHealth",
    "ProviderKind",
    "Refresh",
    "RegenerateAnswer",
    "Register",
    "ReplaceDocumentBody",
    "Response",
    "ResponseFailure",
    "ResponseTime",
    "ResponseUsage",
    "SearchHit",
    "SearchKind",
    "SearchKnowledge",
    "SearchMode",
    "SearchPage",
    "SearchRole",
    "Session",
    "Settings",
    "Setup",
    "SetupState",
    "StartImport",
    "StreamFrame",
    "Theme",
    "TokenPair",
    "UpdateAssistant",
    "UpdateConversation",
    "UpdateGroup",
    "UpdateKnowledgeBase",
    "UpdateMe",
    "UpdatePreferences",
    "UpdateProvider",
    "UpdateSettings",
    "UpdateUser",
    "UploadFileBody",
    "Usage",
    "UsageBy",
    "UsageList",
    "User",
    "UserRole",
)
