// The door of the studio: everything of the pure core, which other rooms of the server enter here.

export * from './core/index.ts'
