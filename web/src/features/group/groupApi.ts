/** Groups and who is in them: for managers all, for others those that they are in. */
import { generatedApi, type Group, type GroupList, type MemberList } from "../../api/generated";

const PAGE = 100;

const groupApi = generatedApi
  .enhanceEndpoints({
    endpoints: {
      getGroup: { providesTags: ["Group"] },
      listUsers: { providesTags: ["User"] },
      createGroup: { invalidatesTags: ["GroupList"] },
      updateGroup: { invalidatesTags: ["Group"] },
      deleteGroup: { invalidatesTags: ["GroupList"] },
      addMember: { invalidatesTags: ["Group"] },
      removeMember: { invalidatesTags: ["Group"] },
    },
  })
  .injectEndpoints({
    endpoints: (build) => ({
      groups: build.infiniteQuery<GroupList, undefined, string | null>({
        infiniteQueryOptions: { initialPageParam: null, getNextPageParam: (last) => last.next_cursor ?? undefined },
        query: ({ pageParam }) => ({ url: "/api/v1/groups", params: { limit: PAGE, cursor: pageParam ?? undefined } }),
        providesTags: ["Group", "GroupList"],
      }),
      members: build.infiniteQuery<MemberList, string, string | null>({
        infiniteQueryOptions: { initialPageParam: null, getNextPageParam: (last) => last.next_cursor ?? undefined },
        query: ({ queryArg, pageParam }) => ({
          url: `/api/v1/groups/${queryArg}/members`,
          params: { limit: PAGE, cursor: pageParam ?? undefined },
        }),
        providesTags: ["Group"],
      }),
    }),
  });

export const {
  useGroupsInfiniteQuery,
  useMembersInfiniteQuery,
  useGetGroupQuery,
  useCreateGroupMutation,
  useUpdateGroupMutation,
  useDeleteGroupMutation,
  useAddMemberMutation,
  useRemoveMemberMutation,
  useListUsersQuery,
} = groupApi;

export type { Group };
