/** Responses that are documents, written as they are read. */
@NullMarked
package io.kontor.web.download;

import org.jspecify.annotations.NullMarked;
