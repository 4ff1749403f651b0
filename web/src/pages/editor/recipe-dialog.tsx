// One saved prompt as a Goose recipe: to be read, copied or kept as a file.

import { useQuery } from '@tanstack/react-query'
import { library } from '../../api/library.ts'
import { fileName, saveFile } from '../../lib/save-file.ts'
import { CopyButton, ErrorCard, Skeleton } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'

interface RecipeDialogProps {
  id: string
  step: number
  title: string
  onClose: () => void
}

export function RecipeDialog({ id, step, title, onClose }: RecipeDialogProps) {
  const recipe = useQuery({
    queryKey: ['workflow', id, 'recipe', step],
    queryFn: () => library.recipe(id, step),
    staleTime: 0,
  })
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`${title} as a Goose recipe`}
      description="As it is saved. goose run --recipe plays it."
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            look="primary"
            disabled={recipe.data === undefined}
            onClick={() => saveFile(fileName(title, '.yaml'), recipe.data?.yaml ?? '', 'application/yaml')}
          >
            Save as a file
          </Button>
        </>
      }
    >
      {recipe.isPending && <Skeleton rows={4} />}
      {recipe.error !== null && <ErrorCard thrown={recipe.error} />}
      {recipe.data !== undefined && (
        <>
          {recipe.data.warnings.length > 0 && (
            <ul className="mb-3 list-disc pl-5 text-waiting">
              {recipe.data.warnings.map((warning, index) => (
                <li key={index}>{warning}</li>
              ))}
            </ul>
          )}
          <div className="relative">
            <div className="absolute right-1 top-1">
              <CopyButton label="Copy the recipe" text={() => recipe.data.yaml} />
            </div>
            <pre
              tabIndex={0}
              className="max-h-96 overflow-auto rounded-lg border border-line bg-sunken px-3 py-2 font-mono text-xs leading-5 whitespace-pre-wrap wrap-anywhere"
            >
              {recipe.data.yaml}
            </pre>
          </div>
        </>
      )}
    </Dialog>
  )
}
