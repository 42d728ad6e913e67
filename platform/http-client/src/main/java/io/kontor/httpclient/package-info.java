/**
 * HTTP calls with JSON to external parties, which may be slow or down. The caller interprets a
 * response; this package handles the ways in which a call can end.
 */
@NullMarked
package io.kontor.httpclient;

import org.jspecify.annotations.NullMarked;
