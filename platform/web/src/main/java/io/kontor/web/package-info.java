/**
 * Common parts of all HTTP endpoints: caller, problems, correlation, versions, paging, strict JSON.
 * It contains no endpoint and no banking code.
 */
@NullMarked
package io.kontor.web;

import org.jspecify.annotations.NullMarked;
