// What any page may ask of the frame around it.

import { createContext, useContext } from 'react'

export interface Frame {
  openPalette(): void
  openKeys(): void
}

export const FrameContext = createContext<Frame>({ openPalette: () => undefined, openKeys: () => undefined })
export const useFrame = () => useContext(FrameContext)
