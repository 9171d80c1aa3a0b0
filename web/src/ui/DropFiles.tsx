import { Upload } from "lucide-react";
import { DropZone, FileTrigger } from "react-aria-components";
import { Button } from "./Button";

interface Props {
  /** What may be dropped here. */
  label: string;
  /** What is accepted, where the label does not say it. */
  hint?: string;
  /** What the button says that opens the list of files. */
  action: string;
  /** Otherwise only one. */
  allowsMultiple?: boolean;
  acceptedFileTypes?: string[];
  isPending?: boolean;
  onFiles: (files: File[]) => void;
}

/** Where files are dropped or chosen. */
export function DropFiles({ label, hint, action, allowsMultiple, acceptedFileTypes, isPending, onFiles }: Props) {
  return (
    <DropZone
      aria-label={label}
      className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-card border border-dashed border-line-strong p-5 transition-colors drop-target:border-accent drop-target:bg-accent-soft focus-visible:border-accent"
      onDrop={({ items }) => {
        const files = items.filter((item) => item.kind === "file").map((item) => item.getFile());
        void Promise.all(allowsMultiple === true ? files : files.slice(0, 1)).then(onFiles);
      }}
    >
      <Upload aria-hidden="true" className="size-5 shrink-0 text-text-3" />
      <div className="flex min-w-0 flex-1 basis-56 flex-col gap-0.5">
        <p className="text-text-2">{label}</p>
        {hint !== undefined && <p className="text-small text-text-3">{hint}</p>}
      </div>
      <FileTrigger
        allowsMultiple={allowsMultiple}
        acceptedFileTypes={acceptedFileTypes}
        onSelect={(files) => onFiles([...(files ?? [])])}
      >
        <Button isPending={isPending}>{action}</Button>
      </FileTrigger>
    </DropZone>
  );
}
