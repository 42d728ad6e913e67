/**
 * What every HTTP endpoint has in common: who calls, problems, correlation, versions, pages, strict
 * JSON. No endpoint and no banking.
 */
@NullMarked
package io.kontor.web;

import org.jspecify.annotations.NullMarked;
