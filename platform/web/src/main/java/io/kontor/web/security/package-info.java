/** Authentication of the caller: tokens, roles, and the tenant they bind. */
@NullMarked
package io.kontor.web.security;

import org.jspecify.annotations.NullMarked;
