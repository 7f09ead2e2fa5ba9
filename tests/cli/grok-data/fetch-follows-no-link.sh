# In a folder that others write to, a link, pipe or second name at NAME.gz.part leads fetch nowhere: it is refused, and what it
# points at stays as it is.
. "$TOP/tests/cli/expect.bash"
export PATH=$TOP/tests/cli/grok-data/stand-in:$PATH SERVER=$PWD/server
mkdir server data
part=data/train-images-idx3-ubyte.gz.part
echo anything > server/train-images-idx3-ubyte.gz
echo precious > victim
ln -s ../victim "$part"
fails 1 'it is a symbolic link; remove it first' grok-data -q fetch mnist data
ln -sf ../nobody "$part"
fails 1 'it is a symbolic link; remove it first' grok-data -q fetch mnist data
rm "$part"
ln victim "$part"
fails 1 'not a file that an earlier fetch left' grok-data -q fetch mnist data
rm "$part"
mkfifo "$part"
fails 1 'not a file that an earlier fetch left' grok-data -q fetch mnist data
[ "$(cat victim)" = precious ]
[ ! -e nobody ]
[ ! -e asked ]    # nobody was asked for it
