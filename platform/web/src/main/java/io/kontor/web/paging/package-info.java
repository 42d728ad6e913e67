/** Cursor-paged lists. */
@NullMarked
package io.kontor.web.paging;

import org.jspecify.annotations.NullMarked;
