/**
 * The OpenAPI description, completed with what holds for every call: headers, statuses, problems.
 * It is made on the first request for it.
 */
@NullMarked
package io.kontor.web.openapi;

import org.jspecify.annotations.NullMarked;
