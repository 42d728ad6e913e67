/** Migrates the schema at start, before the first pool opens. */
@NullMarked
package io.kontor.database.migration;

import org.jspecify.annotations.NullMarked;
