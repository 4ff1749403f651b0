// What a browser asks for outside the API: sign-in by a one-time link, the built page and its files.
// Open to everyone who passes the guards: the page holds nothing secret until it has signed in.

import type { Context } from 'hono'
import { type Auth, setSessionCookie } from '#src/auth/index.ts'
import { MaestroError } from '#src/core/index.ts'
import { notBuiltPage, plainStyle, signInRefusedPage } from './plain-pages.ts'
import type { Env } from './route.ts'
import { loadStaticFiles, type StaticAnswer, type StaticFiles } from './static-files.ts'

export interface PageRoutes {
  signIn(context: Context<Env>): Promise<Response>
  style(context: Context<Env>): Response
  /** A file of the page, or the page itself for its own routes. @throws `not_found` */
  page(context: Context<Env>): Promise<Response>
}

export function createPageRoutes(deps: {
  auth: Auth
  isSecure: boolean
  staticDir: string
  isSignedIn: (context: Context<Env>) => Promise<boolean>
  addressOf: (context: Context<Env>) => string
}): PageRoutes {
  const { auth, isSecure } = deps
  let loaded: Promise<StaticFiles | undefined> | undefined

  /** Read once; a page that was not built is looked for again, so building it is enough. */
  const files = async (): Promise<StaticFiles | undefined> => {
    loaded ??= loadStaticFiles(deps.staticDir)
    const found = await loaded.catch((error: unknown) => {
      loaded = undefined
      throw error
    })
    if (found === undefined) loaded = undefined
    return found
  }

  return {
    async signIn(context) {
      context.header('cache-control', 'no-store')
      // A browser that only looks ahead must not use the code up.
      const isLookingAhead =
        context.env.incoming.method === 'HEAD' || context.req.header('sec-purpose')?.includes('prefetch') === true
      if (isLookingAhead) return context.body(null, 204)
      const code = context.req.query('code') ?? ''
      try {
        const { cookieValue } = await auth.signIn(code, deps.addressOf(context))
        context.header('set-cookie', setSessionCookie(cookieValue, isSecure))
        return context.redirect('/', 303)
      } catch (error) {
        if (!(error instanceof MaestroError) || (error.code !== 'unauthenticated' && error.code !== 'limit_exceeded'))
          throw error
        if (await deps.isSignedIn(context)) return context.redirect('/', 303)
        const sentence = error.message.charAt(0).toUpperCase() + error.message.slice(1)
        return context.html(signInRefusedPage(`${sentence}.`), error.code === 'unauthenticated' ? 401 : 429)
      }
    },

    style: (context) =>
      context.body(plainStyle, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' }),

    async page(context) {
      const { path } = context.req
      const found = await files()
      const file = found?.file(path, {
        acceptEncoding: context.req.header('accept-encoding'),
        ifNoneMatch: context.req.header('if-none-match'),
      })
      if (file !== undefined) return send(context, file)
      const last = path.slice(path.lastIndexOf('/') + 1)
      if (
        path.startsWith('/assets/') ||
        (last.includes('.') && !(context.req.header('accept') ?? '').includes('text/html'))
      ) {
        throw new MaestroError('not_found', `there is no file "${path.slice(0, 200)}"`)
      }
      const page = found?.page()
      return page === undefined ? context.html(notBuiltPage, 503, { 'cache-control': 'no-store' }) : send(context, page)
    },
  }
}

function send(context: Context<Env>, answer: StaticAnswer): Response {
  return context.newResponse(answer.body, answer)
}
