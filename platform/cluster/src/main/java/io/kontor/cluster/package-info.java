/**
 * What makes several processes on one database one bank: which part each plays, who is there, and
 * which of them a command goes to. Being right never depends on anything here.
 */
@NullMarked
package io.kontor.cluster;

import org.jspecify.annotations.NullMarked;
