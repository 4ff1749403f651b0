declare module '*.css'
declare module 'virtual:theme.css'
declare module '@fontsource-variable/*'
