// What any page may ask of the frame around it.

import { createContext, useContext } from 'react'

export interface Frame {
  openPalette(): void
  openKeys(): void
  openBrakes(): void
}

export const FrameContext = createContext<Frame>({
  openPalette: () => undefined,
  openKeys: () => undefined,
  openBrakes: () => undefined,
})
export const useFrame = () => useContext(FrameContext)
