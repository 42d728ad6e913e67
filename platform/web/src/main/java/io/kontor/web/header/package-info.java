/** The names of Kontor's HTTP headers. */
@NullMarked
package io.kontor.web.header;

import org.jspecify.annotations.NullMarked;
