/** The people of the installation, for administrators. */
import { generatedApi, type User, type UserList } from "../../api/generated";

const PAGE = 100;

const userApi = generatedApi
  .enhanceEndpoints({
    endpoints: {
      createUser: { invalidatesTags: ["User"] },
      updateUser: { invalidatesTags: ["User"] },
      deleteUser: { invalidatesTags: ["User"] },
    },
  })
  .injectEndpoints({
    endpoints: (build) => ({
      users: build.infiniteQuery<UserList, undefined, string | null>({
        infiniteQueryOptions: { initialPageParam: null, getNextPageParam: (last) => last.next_cursor ?? undefined },
        query: ({ pageParam }) => ({
          url: "/api/v1/users",
          params: { limit: PAGE, cursor: pageParam ?? undefined },
        }),
        providesTags: ["User"],
      }),
    }),
  });

export const { useUsersInfiniteQuery, useCreateUserMutation, useUpdateUserMutation, useDeleteUserMutation } = userApi;

export type { User };
