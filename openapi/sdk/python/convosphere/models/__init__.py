"""Contains all the data models used in inputs/outputs"""

from .add_member import AddMember
from .assistant import Assistant
from .assistant_list import AssistantList
from .assistant_performance import AssistantPerformance
from .assistant_status import AssistantStatus
from .assistant_version import AssistantVersion
from .assistant_version_list import AssistantVersionList
from .assistant_visibility import AssistantVisibility
from .backup import Backup
from .backups import Backups
from .change_email import ChangeEmail
from .change_password import ChangePassword
from .chunk import Chunk
from .chunk_list import ChunkList
from .conversation import Conversation
from .conversation_list import ConversationList
from .create_assistant import CreateAssistant
from .create_conversation import CreateConversation
from .create_group import CreateGroup
from .create_knowledge_base import CreateKnowledgeBase
from .create_provider import CreateProvider
from .create_user import CreateUser
from .default_model_source import DefaultModelSource
from .document import Document
from .document_failure import DocumentFailure
from .document_list import DocumentList
from .document_status import DocumentStatus
from .edit_message import EditMessage
from .event import Event
from .event_list import EventList
from .exchange import Exchange
from .export_format import ExportFormat
from .facet_count import FacetCount
from .facets import Facets
from .feedback_rating import FeedbackRating
from .file import File
from .file_list import FileList
from .first_message import FirstMessage
from .fragment import Fragment
from .give_feedback import GiveFeedback
from .group import Group
from .group_list import GroupList
from .job import Job
from .job_list import JobList
from .job_progress import JobProgress
from .job_status import JobStatus
from .knowledge_base import KnowledgeBase
from .knowledge_base_list import KnowledgeBaseList
from .knowledge_hit import KnowledgeHit
from .knowledge_hits import KnowledgeHits
from .knowledge_visibility import KnowledgeVisibility
from .language import Language
from .left_out import LeftOut
from .local_server import LocalServer
from .local_server_list import LocalServerList
from .login import Login
from .machine_load import MachineLoad
from .member import Member
from .member_list import MemberList
from .message import Message
from .message_citation import MessageCitation
from .message_list import MessageList
from .message_part import MessagePart
from .message_part_type import MessagePartType
from .message_role import MessageRole
from .message_status import MessageStatus
from .model import Model
from .model_call import ModelCall
from .model_list import ModelList
from .move_read_marker import MoveReadMarker
from .overview import Overview
from .parked_scope import ParkedScope
from .parked_scope_list import ParkedScopeList
from .password_reset import PasswordReset
from .post_message import PostMessage
from .preferences import Preferences
from .problem import Problem
from .problem_field import ProblemField
from .projection import Projection
from .projection_list import ProjectionList
from .prompt import Prompt
from .prompt_message import PromptMessage
from .provider import Provider
from .provider_health import ProviderHealth
from .provider_kind import ProviderKind
from .provider_list import ProviderList
from .refresh import Refresh
from .regenerate_answer import RegenerateAnswer
from .register import Register
from .reset_password import ResetPassword
from .response import Response
from .response_failure import ResponseFailure
from .response_status import ResponseStatus
from .response_time import ResponseTime
from .response_usage import ResponseUsage
from .search_hit import SearchHit
from .search_kind import SearchKind
from .search_knowledge import SearchKnowledge
from .search_mode import SearchMode
from .search_page import SearchPage
from .search_role import SearchRole
from .session import Session
from .session_list import SessionList
from .settings import Settings
from .setup import Setup
from .setup_state import SetupState
from .start_import import StartImport
from .started_conversation import StartedConversation
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
from .usage import Usage
from .usage_by import UsageBy
from .usage_list import UsageList
from .user import User
from .user_list import UserList
from .user_role import UserRole
from .user_sort import UserSort

__all__ = (
    "AddMember",
    "Assistant",
    "AssistantList",
    "AssistantPerformance",
    "AssistantStatus",
    "AssistantVersion",
    "AssistantVersionList",
    "AssistantVisibility",
    "Backup",
    "Backups",
    "ChangeEmail",
    "ChangePassword",
    "Chunk",
    "ChunkList",
    "Conversation",
    "ConversationList",
    "CreateAssistant",
    "CreateConversation",
    "CreateGroup",
    "CreateKnowledgeBase",
    "CreateProvider",
    "CreateUser",
    "DefaultModelSource",
    "Document",
    "DocumentFailure",
    "DocumentList",
    "DocumentStatus",
    "EditMessage",
    "Event",
    "EventList",
    "Exchange",
    "ExportFormat",
    "FacetCount",
    "Facets",
    "FeedbackRating",
    "File",
    "FileList",
    "FirstMessage",
    "Fragment",
    "GiveFeedback",
    "Group",
    "GroupList",
    "Job",
    "JobList",
    "JobProgress",
    "JobStatus",
    "KnowledgeBase",
    "KnowledgeBaseList",
    "KnowledgeHit",
    "KnowledgeHits",
    "KnowledgeVisibility",
    "Language",
    "LeftOut",
    "LocalServer",
    "LocalServerList",
    "Login",
    "MachineLoad",
    "Member",
    "MemberList",
    "Message",
    "MessageCitation",
    "MessageList",
    "MessagePart",
    "MessagePartType",
    "MessageRole",
    "MessageStatus",
    "Model",
    "ModelCall",
    "ModelList",
    "MoveReadMarker",
    "Overview",
    "ParkedScope",
    "ParkedScopeList",
    "PasswordReset",
    "PostMessage",
    "Preferences",
    "Problem",
    "ProblemField",
    "Projection",
    "ProjectionList",
    "Prompt",
    "PromptMessage",
    "Provider",
    "ProviderHealth",
    "ProviderKind",
    "ProviderList",
    "Refresh",
    "RegenerateAnswer",
    "Register",
    "ResetPassword",
    "Response",
    "ResponseFailure",
    "ResponseStatus",
    "ResponseTime",
    "ResponseUsage",
    "SearchHit",
    "SearchKind",
    "SearchKnowledge",
    "SearchMode",
    "SearchPage",
    "SearchRole",
    "Session",
    "SessionList",
    "Settings",
    "Setup",
    "SetupState",
    "StartImport",
    "StartedConversation",
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
    "Usage",
    "UsageBy",
    "UsageList",
    "User",
    "UserList",
    "UserRole",
    "UserSort",
)
